import { softApError } from "@softap/protocol";
import { describe, expect, test } from "vitest";
import { networkError } from "../src/errors.ts";

function systemError(code: string): Error {
  return Object.assign(new Error("text of the system"), { code });
}

describe("networkError()", () => {
  test.each([
    ["EADDRINUSE", "ADDRESS_IN_USE"],
    ["EADDRNOTAVAIL", "ADDRESS_UNAVAILABLE"],
    ["EACCES", "PERMISSION_DENIED"],
    ["EPERM", "PERMISSION_DENIED"],
    ["EMSGSIZE", "DATAGRAM_TOO_LONG"],
    ["ENETUNREACH", "UNREACHABLE"],
    ["EHOSTUNREACH", "UNREACHABLE"],
    ["ETIMEDOUT", "UNREACHABLE"],
    ["ECONNREFUSED", "CONNECTION_REFUSED"],
    ["ENOTFOUND", "HOST_NOT_FOUND"],
    ["EAI_AGAIN", "HOST_NOT_FOUND"],
    ["ECONNRESET", "SOCKET_CLOSED"],
    ["EPIPE", "SOCKET_CLOSED"],
    ["DEPTH_ZERO_SELF_SIGNED_CERT", "TLS_FAILED"],
    ["ERR_SSL_WRONG_VERSION_NUMBER", "TLS_FAILED"],
    ["ERR_TLS_CERT_ALTNAME_INVALID", "TLS_FAILED"],
    ["HPE_INVALID_CONSTANT", "REPLY_INVALID"],
    ["ERR_SOCKET_BAD_PORT", "USAGE"],
  ])("translates %s to %s and keeps the original as its cause", (system, code) => {
    const original = systemError(system);
    const error = networkError(original, "Cannot do it");
    expect(error.code).toBe(code);
    expect(error.cause).toBe(original);
    expect(error.context).toEqual({ system });
    expect(error.message).toMatch(new RegExp(`^Cannot do it: ${system} \\(SA\\d{4}\\)$`));
  });

  test("gives what the table does not know the code of the caller, or INTERNAL", () => {
    expect(networkError(systemError("EWHATEVER"), "Cannot do it", "UNREACHABLE").code).toBe("UNREACHABLE");
    expect(networkError(systemError("EWHATEVER"), "Cannot do it").code).toBe("INTERNAL");
    expect(networkError("no error at all", "Cannot do it").code).toBe("INTERNAL");
    expect(networkError(systemError("constructor"), "Cannot do it").code).toBe("INTERNAL");
  });

  test("hands one of ours back as it is", () => {
    const ours = softApError("CANCELED", "The caller gave up");
    expect(networkError(ours, "Cannot do it")).toBe(ours);
  });
});
