import { errorRegistry, isErrorCode, softApError, UsageError } from "@softap/protocol";
import { describe, expect, test } from "vitest";
import { debugTrace, describeCode, describeError, formatFailure } from "../src/exit.ts";

describe("describeError()", () => {
  test("a mistake of the caller is told by its own message", () => {
    const error = new UsageError("USAGE", "Nobody is logged in", { context: { help: 'Run "softap login"' } });
    expect(describeError(error, "en")).toEqual({
      code: "USAGE",
      number: "SA6401",
      text: "Nobody is logged in",
      action: 'Run "softap login"',
      exit: 2,
    });
  });

  test("an error of a socket says which one", () => {
    const { text, exit } = describeError(softApError("ADDRESS_IN_USE", "Cannot bind UDP port 8266"), "en");
    expect(text).toBe("The port is taken by another program: Cannot bind UDP port 8266");
    expect(exit).toBe(4);
  });

  test("an error of the cloud is told by the registry, in the language asked for", () => {
    const error = softApError("APP_LOGIN_FAILED", "The cloud refused AppGetToken");
    expect(describeError(error, "en").text).toBe("The account or the password is wrong");
    expect(describeError(error, "zh").text).toBe("账号或密码错误");
  });

  test("a device's own refusal is told by the registry, whatever its kind", () => {
    // As the phone makes it of a datagram: the device's text stands in the context.
    const context = { attempt: 1, log: "RTOS task error! (4, 1)" };
    const error = softApError("PROVISIONING_ACTIVE", "The device reported an error", { context });
    expect(describeError(error, "en").text).toBe("The device is being set up already, or has just been");
  });

  test("a sentence that fits better than the registry's is told in its place, under the same number", () => {
    const context = { told: "The soft AP lamp refused the passphrase", help: "Type it again" };
    expect(describeError(softApError("WIFI_AUTH_FAILED", "no", { context }), "en")).toMatchObject({
      code: "WIFI_AUTH_FAILED",
      number: "SA2101",
      text: "The soft AP lamp refused the passphrase",
      action: "Type it again",
    });
  });

  test("something foreign is a defect of ours", () => {
    expect(describeError(new TypeError("x is not a function"), "en")).toMatchObject({
      code: "INTERNAL",
      exit: 1,
    });
  });
});

test("every code of the registry has words in both languages and the registry's exit code", () => {
  const codes = Object.keys(errorRegistry).filter(isErrorCode);
  expect(codes.length).toBeGreaterThan(60);
  for (const code of codes)
    for (const language of ["en", "zh"] as const) {
      const failure = describeCode(code, language);
      expect(failure.text).not.toBe("");
      expect(failure.action).not.toBe("");
      expect(failure.exit).toBe(errorRegistry[code].exit);
      expect(failure.exit).not.toBe(0);
    }
});

test("formatFailure() gives one sentence with the number and one with the action", () => {
  expect(formatFailure(describeCode("WIFI_AUTH_FAILED", "en"))).toBe(
    "softap: The router refused the Wi-Fi passphrase (SA2101)\n  → Type the passphrase again; capital letters count\n",
  );
});

test("debugTrace() is silent unless SOFTAP_DEBUG is 1, then it shows the causes too", () => {
  const error = softApError("INTERNAL", "outside", { cause: new Error("inside") });
  expect(debugTrace(error)).toBe("");
  process.env["SOFTAP_DEBUG"] = "1";
  try {
    expect(debugTrace(error)).toMatch(/outside[^]*at [^]*inside[^]*at /);
  } finally {
    delete process.env["SOFTAP_DEBUG"];
  }
});
