import { isSoftApError } from "@softap/protocol";
import { readSavedState } from "../../service/saved-state.ts";
import { type Check, failed, ok, skip } from "../check.ts";

/** Can the saved state be read, and what does it say? */
export const stateCheck: Check = {
  name: "state",
  title: { en: "Saved state", zh: "已保存的状态" },
  async run({ settings }) {
    const { stateFolder } = settings;
    if (stateFolder === undefined)
      return skip({ en: "it is not said where: give --state", zh: "未指明位置：请指定 --state" });
    try {
      const { isRunning, binding, pending } = await readSavedState(stateFolder);
      const hasOwner = binding !== undefined;
      return ok({
        en: [
          stateFolder,
          isRunning ? "the device runs" : "the device does not run",
          hasOwner ? "has an owner" : "has no owner",
          ...(pending === undefined ? [] : [`attempt ${pending.attempt} has no verdict yet`]),
        ].join(", "),
        zh: [
          stateFolder,
          isRunning ? "设备运行中" : "设备未运行",
          hasOwner ? "已绑定" : "未绑定",
          ...(pending === undefined ? [] : [`第 ${pending.attempt} 次配网尚无结果`]),
        ].join("，"),
      });
    } catch (error) {
      if (!isSoftApError(error)) throw error;
      return failed(error);
    }
  },
};
