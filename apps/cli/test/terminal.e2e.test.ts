import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Terminal, hasTerminal } from "./terminal.ts";
import { temporaryFolder } from "./temporary-folder.ts";
import { CloudWorld, openPort } from "./three-processes.ts";

describe.skipIf(!hasTerminal)("at a terminal (skipped where `script` is not installed)", () => {
  let world: CloudWorld;
  beforeAll(async () => {
    world = await CloudWorld.start();
  }, 60_000);
  afterAll(() => world.stop());

  test("provision asks for the passphrase, says what is wrong with it, and asks again when the router refused it", async () => {
    const port = await openPort(world.device(await world.createProduct()));
    const place = ["--host", "127.0.0.1", "--port", String(port), "--ssid", "Home-WiFi"];
    const env = world.accountEnvironment;
    const terminal = new Terminal(["provision", ...place], { home: world.home, env });

    await terminal.sees("Passphrase of Home-WiFi");
    terminal.type("short");
    await terminal.sees("8 to 63 characters");
    terminal.type("-canary-wrong");
    await terminal.sees("Join the network: The router refused the Wi-Fi passphrase (SA2101)");
    await terminal.sees("Passphrase of Home-WiFi, once more");
    terminal.type("abcd1234");
    await terminal.sees("✔ device  Join the network");
    await terminal.sees("✔ phone   Bind the device to the family");
    await terminal.sees("Bound (");
    await terminal.sees("Owner    me@example.com");
    expect(await terminal.exit()).toBe(0);
    expect(terminal.screen).not.toMatch(/canary|abcd1234/);
  });

  test("demo shows a list that moves", async () => {
    const terminal = new Terminal(["demo"], { home: temporaryFolder(), env: {} });
    await terminal.sees("✔ device  Join the network (");
    await terminal.sees("Bound (");
    expect(await terminal.exit()).toBe(0);
    expect(terminal.screen).toMatch(/[⠙⠹⠸⠼⠴⠦⠧⠇⠏] (cloud|phone|device) /);
  });
});
