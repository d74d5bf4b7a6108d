/**
 * What a mini program carries that provisions a device and leaves all else to its own code. The file made of it writes no log:
 * `@softap/wechat` has one.
 */
export {
  provision,
  type Provisioning,
  type ProvisioningStep,
  type ProvisionOptions,
  type Verdict,
} from "@softap/phone";
export { Secret } from "@softap/protocol";
export { wechatBindCloud, type WechatBindCloudOptions } from "./bind-cloud.ts";
export {
  findPermissionProblems,
  type FoundPermissionProblem,
  type PermissionProblem,
} from "./permission-problems.ts";
export {
  type ProvisioningPorts,
  provisioningPorts,
  type ProvisioningPortsOptions,
} from "./provisioning-ports.ts";
export type { Wx, WxSettings } from "./wx.ts";
