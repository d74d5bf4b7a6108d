import { readSavedState } from "../../service/saved-state.ts";
import { type Check, type DoctorEnvironment, ok, plain } from "../check.ts";

/** A port that somebody listens on. */
interface OpenPort {
  readonly protocol: "udp" | "tcp";
  readonly port: number;
  /** Whether it may take what is meant for the soft AP. */
  readonly isEverywhere: boolean;
}

/** Port of name servers: phones find the page by it. */
const namePort = 53;

/** TCP_LISTEN in the kernel's tables. */
const listening = "0A";

/** Address of the device on its soft AP, as the kernel's tables have it. */
const softApAddressHex = "0104A8C0";

/** Are the ports of provisioning, log mode and the portal free? */
export const portsCheck: Check = {
  name: "ports",
  title: { en: "Ports", zh: "端口" },
  async run(environment) {
    const { port, logPort, portalPort } = environment.settings;
    const open = await openPorts(environment);
    const isTaken = (protocol: OpenPort["protocol"], wanted: number): boolean =>
      open.some((one) => one.protocol === protocol && one.port === wanted && one.isEverywhere);
    const must = [
      ["udp", port],
      ["tcp", port],
      ["udp", logPort],
    ] as const;
    const taken = must.filter(([protocol, wanted]) => isTaken(protocol, wanted));
    if (taken.length > 0) {
      if (await deviceRuns(environment))
        return ok({ en: "taken by the running device", zh: "由运行中的设备占用" });
      return { state: "fail", code: "ADDRESS_IN_USE", detail: plain(namesOf(taken)) };
    }
    const forPortal: readonly (readonly ["tcp" | "udp", number])[] =
      portalPort === undefined
        ? []
        : [
            ["tcp", portalPort],
            ["udp", namePort],
          ];
    const inTheWay = forPortal.filter(([protocol, wanted]) => isTaken(protocol, wanted));
    if (inTheWay.length > 0 && !(await deviceRuns(environment)))
      return {
        state: "warn",
        code: "ADDRESS_IN_USE",
        detail: plain(namesOf(inTheWay)),
        action: {
          en: "The page for browsers needs them: stop the other program, or turn the portal off",
          zh: "浏览器配网页面需要这些端口：请停止占用程序，或关闭该页面",
        },
      };
    return ok({
      en: `${namesOf([...must, ...forPortal])} are free`,
      zh: `${namesOf([...must, ...forPortal])} 空闲`,
    });
  },
};

function namesOf(ports: readonly (readonly [protocol: string, port: number])[]): string {
  return ports.map(([protocol, port]) => `${protocol}/${port}`).join(", ");
}

/** Whether it is our own device that has the ports. */
async function deviceRuns({ settings }: DoctorEnvironment): Promise<boolean> {
  const { stateFolder } = settings;
  if (stateFolder === undefined) return false;
  return readSavedState(stateFolder).then(
    ({ isRunning }) => isRunning,
    // A check of its own tells that the state cannot be read.
    () => false,
  );
}

async function openPorts({ machine }: DoctorEnvironment): Promise<readonly OpenPort[]> {
  const open: OpenPort[] = [];
  for (const protocol of ["udp", "tcp"] as const)
    for (const file of [protocol, `${protocol}6`])
      for (const line of ((await machine.readText(`/proc/net/${file}`)) ?? "").split("\n")) {
        const [, address = "", port = "", state = ""] =
          /^\s*\d+: ([0-9A-F]+):([0-9A-F]{4}) \S+ ([0-9A-F]{2}) /.exec(line) ?? [];
        if (address === "" || (protocol === "tcp" && state !== listening)) continue;
        const isEverywhere = /^0+$/.test(address) || address === softApAddressHex;
        open.push({ protocol, port: Number.parseInt(port, 16), isEverywhere });
      }
  return open;
}
