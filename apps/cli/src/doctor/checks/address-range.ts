import { parseRoutes, rangeUser } from "@softap/node/linux";
import { type Check, type DoctorEnvironment, ok, plain } from "../check.ts";
import { chosenRadio } from "../radio-facts.ts";

/** Address of the device on its soft AP, and the network around it. */
const softAp = { address: "192.168.4.1", range: "192.168.4.0/24" };

/** Has another interface addresses that the soft AP gives to phones? */
export const addressRangeCheck: Check = {
  name: "address-range",
  title: { en: "Addresses of the soft AP", zh: "热点地址段" },
  async run(environment) {
    const { range } = softAp;
    const other = rangeUser(softAp.address, {
      addresses: environment.machine.addresses(),
      routes: parseRoutes((await environment.machine.readText("/proc/net/route")) ?? ""),
      ownInterfaces: await ownInterfaces(environment),
    });
    if (other === undefined) return ok({ en: `${range} is free`, zh: `${range} 空闲` });
    return {
      state: "fail",
      code: "ADDRESS_RANGE_IN_USE",
      detail: plain(`${other.interfaceName} ${other.cidr}`),
    };
  },
};

/** The radio's interface and the one that carries the soft AP beside it. */
async function ownInterfaces(environment: DoctorEnvironment): Promise<readonly string[]> {
  const radio = await chosenRadio(environment);
  if (radio === undefined) return [];
  return [radio.interfaceName, `${radio.interfaceName.slice(0, 13)}ap`];
}
