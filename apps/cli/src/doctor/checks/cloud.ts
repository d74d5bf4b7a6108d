import { isSoftApError } from "@softap/protocol";
import { readLiveStatus } from "../../device/live-status.ts";
import { readSavedState } from "../../service/saved-state.ts";
import { type Check, type CheckResult, type DoctorEnvironment, failed, ok, plain, skip } from "../check.ts";

/** Own clock and the cloud's may differ by this much, ms, before it is worth a word, and before a signature fails. */
const skew = { warnMs: 5_000, failMs: 300_000 } as const;

/** Is the cloud's name known? */
export const dnsCheck: Check = {
  name: "cloud-dns",
  title: { en: "Cloud: name", zh: "云端：域名" },
  async run({ cloud, settings }) {
    if (settings.cloudHost === undefined)
      return skip({ en: "it is not said where: give --cloud-host", zh: "未指明云端：请指定 --cloud-host" });
    return settled(async () => {
      const addresses = await cloud.addresses();
      return ok(plain(`${settings.cloudHost} → ${addresses.slice(0, 3).join(", ")}`));
    });
  },
};

/** Does somebody listen there? */
export const tcpCheck: Check = {
  name: "cloud-tcp",
  title: { en: "Cloud: connection", zh: "云端：连接" },
  needs: ["cloud-dns"],
  async run({ cloud, settings }) {
    return settled(async () => {
      const elapsedMs = await cloud.tcp();
      return ok(plain(`${settings.cloudHost}:${settings.mqttPort}, ${Math.round(elapsedMs)} ms`));
    });
  },
};

/** Does the cloud know the device's key? */
export const tlsCheck: Check = {
  name: "cloud-tls",
  title: { en: "Cloud: encryption", zh: "云端：加密" },
  needs: ["cloud-tcp"],
  async run(environment) {
    const { credentials } = environment.settings;
    const instead = await insteadOfLogin(environment);
    if (instead !== undefined) return instead;
    if (credentials?.kind === "password")
      return ok({ en: "none: the device logs in with a password", zh: "无：设备用密码登录" });
    return settled(async () => {
      try {
        await environment.cloud.session();
      } catch (error) {
        // The encryption stood when the cloud refused the login itself.
        if (!isSoftApError(error) || error.code !== "MQTT_REFUSED") throw error;
      }
      return ok(plain(credentials?.kind === "certificate" ? "TLS" : "TLS-PSK"));
    });
  },
};

/** Does the cloud let the device in? */
export const loginCheck: Check = {
  name: "cloud-login",
  title: { en: "Cloud: login", zh: "云端：登录" },
  needs: ["cloud-tls"],
  async run(environment) {
    const instead = await insteadOfLogin(environment);
    if (instead !== undefined) return instead;
    return settled(async () => {
      await environment.cloud.session();
      const { productId, deviceName } = environment.settings;
      return ok(plain(`${productId}/${deviceName}`));
    });
  },
};

/** Do both clocks agree? */
export const timeCheck: Check = {
  name: "cloud-time",
  title: { en: "Cloud: time", zh: "云端：时间" },
  needs: ["cloud-login"],
  async run(environment) {
    const instead = await insteadOfLogin(environment);
    if (instead !== undefined) return instead;
    const { cloud, nowMs } = environment;
    return settled(async () => {
      const link = await cloud.session();
      if (link === undefined) return skip(nothingToLogInWith);
      const offsetMs = Math.round(await cloud.clockOffsetMs(link, nowMs));
      const detail = {
        en: `the own clock is ${Math.abs(offsetMs)} ms ${offsetMs < 0 ? "behind" : "ahead"}`,
        zh: `本机时间${offsetMs < 0 ? "慢" : "快"} ${Math.abs(offsetMs)} ms`,
      };
      if (Math.abs(offsetMs) < skew.warnMs) return ok(detail);
      return { state: Math.abs(offsetMs) < skew.failMs ? "warn" : "fail", code: "CLOCK_WRONG", detail };
    });
  },
};

const nothingToLogInWith = {
  en: "the device has no key yet: it registers at its first provisioning",
  zh: "设备还没有密钥：首次配网时动态注册",
};

/** A second login with the same name would end the first: a running device is asked instead. */
async function insteadOfLogin(environment: DoctorEnvironment): Promise<CheckResult | undefined> {
  const { settings, cloud } = environment;
  const { stateFolder, productId, deviceName, credentialsProblem } = settings;
  if (productId === undefined || deviceName === undefined)
    return skip({
      en: "it is not said which device this is: give --product-id and --device-name",
      zh: "未指明设备：请指定 --product-id 和 --device-name",
    });
  const isRunning =
    stateFolder !== undefined &&
    (await readSavedState(stateFolder).then(
      (saved) => saved.isRunning,
      () => false,
    ));
  if (isRunning) {
    const live = await readLiveStatus(stateFolder).catch(() => undefined);
    if (live?.isConnected === true)
      return ok({ en: "the running device is connected", zh: "运行中的设备已连接" });
    return skip({
      en: "the device runs, and is not connected now; stop it to try its login from here",
      zh: "设备正在运行且未连接；如需在此尝试登录，请先停止它",
    });
  }
  if (credentialsProblem !== undefined) return failed(credentialsProblem);
  return (await cloud.canLogIn()) ? undefined : skip(nothingToLogInWith);
}

/** A check whose errors are findings. */
async function settled(look: () => Promise<CheckResult>): Promise<CheckResult> {
  try {
    return await look();
  } catch (error) {
    if (!isSoftApError(error)) throw error;
    return failed(error);
  }
}
