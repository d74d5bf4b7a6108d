import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CancelSource, neverCanceled } from "@softap/ports";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { DBusError, SystemBus } from "../src/linux/dbus/bus.ts";
import { MessageType } from "../src/linux/dbus/message.ts";
import { FakeBus } from "./fake-bus.ts";

const signal = neverCanceled;
const version = { destination: "a.b", path: "/a", interface: "a.b.C", member: "Version" };
let folder: string;
let fake: FakeBus;
let bus: SystemBus | undefined;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "softap-bus-"));
  fake = new FakeBus(folder);
  bus = undefined;
});

afterEach(() => {
  bus?.close();
  fake.close();
  rmSync(folder, { recursive: true });
});

async function connected(): Promise<SystemBus> {
  bus = await SystemBus.connect({ path: fake.path, signal });
  return bus;
}

test("SystemBus.connect() says hello first", async () => {
  await connected();
  expect(fake.calls[0]).toMatchObject({ member: "Hello", path: "/org/freedesktop/DBus" });
});

test("SystemBus.connect() without a bus, and with one that refuses, is WIFI_SUPPLICANT_GONE", async () => {
  const code = "WIFI_SUPPLICANT_GONE";
  await expect(SystemBus.connect({ path: join(folder, "none"), signal })).rejects.toMatchObject({ code });
  fake.accepts = false;
  await expect(SystemBus.connect({ path: fake.path, signal })).rejects.toMatchObject({ code });
});

test("call() gives the reply that belongs to it", async () => {
  const connection = await connected();
  fake.answer = (call) => ({ signature: "s", body: [`for ${call.member}`] });
  const replies = await Promise.all(
    ["One", "Two"].map((member) => connection.call({ ...version, member }, { signal })),
  );
  expect(replies).toEqual([["for One"], ["for Two"]]);
});

test("call() rejects with the name of the error that came back", async () => {
  const connection = await connected();
  const errorName = "org.freedesktop.DBus.Error.AccessDenied";
  fake.answer = () => ({ type: MessageType.error, errorName, signature: "s", body: ["no"] });
  const failure = connection.call(version, { signal });
  await expect(failure).rejects.toBeInstanceOf(DBusError);
  await expect(failure).rejects.toMatchObject({ errorName });
});

test("call() ends with CANCELED when its signal fires, and a late reply does no harm", async () => {
  const connection = await connected();
  fake.answer = () => undefined;
  const source = new CancelSource();
  const pending = connection.call(version, { signal: source.signal });
  await vi.waitFor(() => expect(fake.calls.at(-1)?.member).toBe("Version"));
  source.cancel();
  await expect(pending).rejects.toMatchObject({ code: "CANCELED" });
  const { serial } = fake.calls.at(-1) ?? { serial: 0 };
  fake.send({ type: MessageType.reply, serial: 5, replySerial: serial, signature: "", body: [] });
  fake.answer = () => ({ signature: "u", body: [1] });
  expect(await connection.call(version, { signal })).toEqual([1]);
});

test("subscribe() hears only what the filter lets through, until it is told to stop", async () => {
  const connection = await connected();
  const heard: unknown[] = [];
  const filter = { interface: "a.b.C", member: "Changed", path: "/a" };
  const stop = await connection.subscribe(filter, (body, path) => heard.push([...body, path]), { signal });
  expect(fake.calls.at(-1)).toMatchObject({
    member: "AddMatch",
    body: ["type='signal',interface='a.b.C',member='Changed',path='/a'"],
  });
  const changed = { type: MessageType.signal, serial: 9, interface: "a.b.C", signature: "u" };
  fake.send({ ...changed, member: "Changed", path: "/other", body: [1] });
  fake.send({ ...changed, member: "Else", path: "/a", body: [2] });
  fake.send({ ...changed, member: "Changed", path: "/a", body: [3] });
  await vi.waitFor(() => expect(heard).toEqual([[3, "/a"]]));
  stop();
  await vi.waitFor(() => expect(fake.calls.at(-1)?.member).toBe("RemoveMatch"));
});

test("a bus that hangs up, or sends what is no message, ends every call and is told once", async () => {
  for (const end of [() => fake.hangUp(), () => fake.sendRaw(Buffer.alloc(64, 0x7f))]) {
    const connection = await connected();
    const onClosed = vi.fn<() => void>();
    connection.onClosed = onClosed;
    fake.answer = () => undefined;
    const pending = connection.call(version, { signal });
    end();
    await expect(pending).rejects.toMatchObject({ code: "WIFI_SUPPLICANT_GONE" });
    await expect(connection.call(version, { signal })).rejects.toMatchObject({
      code: "WIFI_SUPPLICANT_GONE",
    });
    expect(onClosed).toHaveBeenCalledOnce();
  }
});
