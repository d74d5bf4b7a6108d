import { type Check, ok, plain } from "../check.ts";

/** No clock that is right shows an earlier time: 2026-01-01T00:00:00Z, before this program was made. */
const madeAtMs = 1_767_225_600_000;

/** Can the clock be right? */
export const clockCheck: Check = {
  name: "clock",
  title: { en: "Clock", zh: "系统时间" },
  async run({ machine, nowMs }) {
    const now = plain(new Date(nowMs()).toISOString());
    if (nowMs() < madeAtMs) return { state: "fail", code: "CLOCK_WRONG", detail: now };
    const told = await machine.run("timedatectl", ["show", "--property=NTPSynchronized", "--value"]);
    if (told?.exitCode === 0 && told.stdout.trim() === "no")
      return {
        state: "warn",
        code: "CLOCK_WRONG",
        detail: { en: "nobody sets it by the network", zh: "未与网络时间同步" },
      };
    return ok(now);
  },
};
