import { Command } from "commander";
import { describe, expect, test } from "vitest";
import {
  forbiddenSecret,
  option,
  parseChannel,
  parseHttpUrl,
  parseLoss,
  parsePort,
  parseSeconds,
  parseSeed,
} from "../src/config/options.ts";

describe("parsers of option values", () => {
  test.each([
    [parsePort, "0", 0],
    [parsePort, "65535", 65_535],
    [parseSeed, "4294967295", 4_294_967_295],
    [parseChannel, "13", 13],
    [parseLoss, "0.3", 0.3],
    [parseLoss, "0.95", 0.95],
    [parseSeconds(10, 600), "10", 10],
  ])("%o takes %s", (parse, text, value) => {
    expect(parse(text)).toBe(value);
  });

  test.each([
    [parsePort, "65536"],
    [parsePort, "-1"],
    [parsePort, "80.5"],
    [parsePort, "0x50"],
    [parsePort, ""],
    [parseSeed, "4294967296"],
    [parseChannel, "14"],
    [parseLoss, "0.96"],
    [parseLoss, "1"],
    [parseLoss, "NaN"],
    [parseLoss, " "],
    [parseSeconds(10, 600), "9"],
    [parseSeconds(10, 600), "601"],
  ])("%o refuses %j", (parse, text) => {
    expect(() => parse(text)).toThrow(/^It is /);
  });

  test("parseHttpUrl() takes off slashes at the end and refuses what is not http", () => {
    expect(parseHttpUrl("https://iot.example.com/base//")).toBe("https://iot.example.com/base");
    for (const text of ["iot.example.com", "ftp://iot.example.com", "", "http://"])
      expect(() => parseHttpUrl(text)).toThrow("It is an address such as");
  });

  test("parseHttpUrl() refuses an address with a password without repeating it", () => {
    expect(() => parseHttpUrl("http://me:canary-pw@iot.example.com")).toThrow(
      /^A password must not stand in an address\.$/,
    );
  });
});

describe("option()", () => {
  const parse = (args: readonly string[]): unknown =>
    new Command()
      .exitOverride()
      .configureOutput({ writeErr: () => {} })
      .addOption(
        option("--port <port>", "a port", { env: "SOFTAP_TEST_PORT", parse: parsePort, default: 8266 }),
      )
      .addOption(forbiddenSecret("--passphrase", "Give a file"))
      .parse(args, { from: "user" })
      .opts()["port"];

  test("the command line counts before the variable, the variable before the default", () => {
    expect(parse([])).toBe(8266);
    process.env["SOFTAP_TEST_PORT"] = "1";
    try {
      expect(parse([])).toBe(1);
      expect(parse(["--port", "2"])).toBe(2);
      process.env["SOFTAP_TEST_PORT"] = "x";
      expect(() => parse([])).toThrow(/from env 'SOFTAP_TEST_PORT' is invalid/);
    } finally {
      delete process.env["SOFTAP_TEST_PORT"];
    }
  });

  test.each([[["--passphrase"]], [["--passphrase", "canary-pass"]], [["--passphrase=canary-pass"]]])(
    "a secret on the command line %j is refused without repeating it",
    (args) => {
      expect(() => parse(args)).toThrow(
        expect.objectContaining({
          code: "USAGE",
          message: "--passphrase does not exist: others on this machine can read a command line (SA6401)",
          context: { help: "Give a file" },
        }),
      );
    },
  );
});
