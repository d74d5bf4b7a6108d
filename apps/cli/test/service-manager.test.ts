import { chmodSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { silentLog } from "@softap/ports";
import { expect, onTestFinished, test, vi } from "vitest";
import { ServiceManager } from "../src/service/service-manager.ts";
import { SoftapProcess } from "./softap-process.ts";
import { temporaryFolder } from "./temporary-folder.ts";

function recorded(variables: Readonly<Record<string, string>>): {
  manager: ServiceManager;
  told: string[][];
} {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  const told: string[][] = [];
  const send = async (words: readonly string[]): Promise<void> => void told.push([...words]);
  return { manager: new ServiceManager({ log: silentLog, variables, send }), told };
}

test("ServiceManager feeds the watchdog twice per period, from ready to stopping", async () => {
  const { manager, told } = recorded({ NOTIFY_SOCKET: "/run/notify", WATCHDOG_USEC: "60000000" });
  await manager.ready();
  await vi.advanceTimersByTimeAsync(90_000);
  await manager.stopping();
  await vi.advanceTimersByTimeAsync(90_000);
  const alive = ["WATCHDOG=1"];
  expect(told).toEqual([["READY=1", "STATUS=running"], alive, alive, alive, ["STOPPING=1"]]);
});

test.each([
  ["without a watchdog", { NOTIFY_SOCKET: "/run/notify" }],
  [
    "with a watchdog of another process",
    { NOTIFY_SOCKET: "/run/notify", WATCHDOG_USEC: "1000", WATCHDOG_PID: "1" },
  ],
  ["with a period that is none", { NOTIFY_SOCKET: "/run/notify", WATCHDOG_USEC: "soon" }],
])("ServiceManager %s tells nothing but ready", async (_name, variables) => {
  const { manager, told } = recorded(variables);
  await manager.ready();
  await vi.advanceTimersByTimeAsync(90_000);
  expect(told).toEqual([["READY=1", "STATUS=running"]]);
});

test("ServiceManager survives a systemd that cannot be told", async () => {
  const warned: string[] = [];
  const manager = new ServiceManager({
    log: { ...silentLog, warn: (text) => void warned.push(text) },
    variables: { NOTIFY_SOCKET: "/run/notify" },
    send: () => Promise.reject(new Error("no such program")),
  });
  await manager.ready();
  await manager.stopping();
  expect(warned).toEqual(["systemd was not told", "systemd was not told"]);
});

test("softap device tells systemd that it is ready, alive and ending", async () => {
  const folder = temporaryFolder();
  const notices = join(folder, "notices");
  const program = join(folder, "systemd-notify");
  writeFileSync(program, `#!/bin/sh\necho "$*" >> ${notices}\n`);
  chmodSync(program, 0o755);
  const args = ["--product-id", "AB12CD34EF", "--device-name", "lamp-1", "--port", "0", "--log-port", "0"];
  const device = new SoftapProcess(["device", "--json", ...args], {
    env: {
      PATH: `${folder}:${process.env["PATH"] ?? ""}`,
      NOTIFY_SOCKET: join(folder, "socket"),
      WATCHDOG_USEC: "100000",
      SOFTAP_PRODUCT_SECRET: "canary-product-secret",
    },
  });
  await device.eventNamed("listening");
  const told = (): string => {
    try {
      return readFileSync(notices, "utf8");
    } catch {
      return "";
    }
  };
  await expect.poll(told, { timeout: 10_000 }).toMatch(/^READY=1 STATUS=running\n(WATCHDOG=1\n){2}/);
  device.kill("SIGTERM");
  await device.ended;
  expect(told()).toMatch(/\nSTOPPING=1\n/);
});
