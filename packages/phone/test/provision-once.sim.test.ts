import { describe, expect, test } from "vitest";
import { provisionOnce } from "@softap/phone";
import { CancelSource } from "@softap/ports";
import { OurDevice, rightPassphrase, World, wrongPassphrase } from "./world.ts";

describe("provisionOnce()", () => {
  test("tells every step as it happens and is bound, without asking for families", async () => {
    const world = new World();
    await new OurDevice(world).device.start();
    const told: string[] = [];
    const running = provisionOnce({ ...world.options(), familyId: "family-9" }, ({ name }) =>
      told.push(name),
    );
    expect(told).toEqual(["createToken"]);
    expect(await world.clock.complete(running, 200_000)).toMatchObject({
      verdict: "bound",
      familyId: "family-9",
      attempts: 1,
    });
    expect(told.slice(0, 3)).toEqual(["createToken", "sendCredentials", "deviceAnswered"]);
    expect(told.at(-1)).toBe("verdict");
    expect(world.cloud.count("families")).toBe(0);
    expect(world.phone.openCount).toBe(0);
  });

  test("fails at the first failure that other input could cure", async () => {
    const world = new World();
    await new OurDevice(world).device.start();
    const network = { ssid: "Home-WiFi", passphrase: wrongPassphrase };
    const running = provisionOnce({ ...world.options({ network }), familyId: "family-9" }, () => {});
    expect(await world.clock.complete(running, 200_000)).toMatchObject({
      verdict: "failed",
      code: "WIFI_AUTH_FAILED",
      retry: "input",
      attempts: 1,
    });
  });

  test("ends with its signal", async () => {
    const world = new World();
    const source = new CancelSource();
    const running = provisionOnce(
      { ...world.options(), familyId: "family-9", signal: source.signal },
      ({ name }) => {
        if (name === "sendCredentials") source.cancel("left");
      },
    );
    expect(await world.clock.complete(running, 200_000)).toMatchObject({
      verdict: "failed",
      code: "CANCELED",
    });
    expect(world.phone.openCount).toBe(0);
  });

  test("rejects options that cannot work, and sends nothing", async () => {
    const world = new World();
    const network = { ssid: "", passphrase: rightPassphrase };
    const running = provisionOnce({ ...world.options({ network }), familyId: "family-9" }, () => {});
    await expect(running).rejects.toMatchObject({ code: "SSID_LENGTH" });
    expect(world.cloud.calls).toEqual([]);
  });
});
