import { describe, expect, test } from "vitest";
import {
  decodeReply,
  decodeRequest,
  decodeV1Status,
  encodeErrorReply,
  encodeInfoReply,
  encodeJoinedNotification,
  encodeNetworkRequest,
  encodeTokenRequest,
  encodeV1ReceivedReply,
  encodeV1StatusReply,
  errorRegistry,
  type DeviceReply,
  type ErrorEntry,
  formatVendorLog,
  logQueryDatagram,
  ProtocolError,
  Secret,
  type V1Status,
  vendorErrorOf,
} from "@softap/protocol";
import { plain } from "./plain.ts";
import { bytesOf, readVectors, utf8, type Vector } from "./vectors.ts";

type Request = Vector & { readonly decoded: Record<string, string>; readonly encodes?: boolean };
type Reply = Vector & {
  readonly decoded: DeviceReply;
  readonly v1Status?: V1Status;
  readonly encodes?: string;
};
type Refused = Vector & { readonly code: keyof typeof errorRegistry; readonly vendor?: [number, number] };

const requests = readVectors<{ accepted: Request[]; refused: Refused[] }>("datagram-requests");
const replies = readVectors<{ accepted: Reply[]; refused: Refused[] }>("datagram-replies");

describe("decodeRequest()", () => {
  test.each(requests.accepted)("reads: $name", (vector) => {
    expect(plain(decodeRequest(bytesOf(vector)))).toEqual(vector.decoded);
  });

  test.each(requests.refused)("refuses: $name", (vector) => {
    const answer = decodeRequest(bytesOf(vector));
    expect(answer).toBeInstanceOf(ProtocolError);
    expect(answer).toMatchObject({ code: vector.code });
    const entry: ErrorEntry = errorRegistry[vector.code];
    expect(entry.vendor).toEqual(vector.vendor);
  });
});

describe("encoders of requests", () => {
  test.each(requests.accepted.filter(({ encodes }) => encodes === true))("write: $name", (vector) => {
    const { type, ssid = "", passphrase, token = "", ...rest } = vector.decoded;
    const bytes =
      type === "logQuery"
        ? logQueryDatagram
        : type === "token"
          ? encodeTokenRequest({ token: Secret.of(token), ...rest })
          : encodeNetworkRequest({
              ssid: utf8(ssid),
              passphrase: passphrase === undefined ? undefined : Secret.of(passphrase),
              token: Secret.of(token),
              ...rest,
            });
    expect(new TextDecoder().decode(bytes)).toBe(vector.text);
  });
});

describe("decodeReply()", () => {
  test.each(replies.accepted)("reads: $name", (vector) => {
    expect(plain(decodeReply(bytesOf(vector)))).toEqual(vector.decoded);
    expect(decodeV1Status(bytesOf(vector))).toEqual(vector.v1Status);
  });

  test.each(replies.refused)("refuses: $name", (vector) => {
    expect(decodeReply(bytesOf(vector))).toMatchObject({ name: "ProtocolError", code: vector.code });
  });
});

describe("encoders of replies", () => {
  test.each(replies.accepted.filter(({ encodes }) => encodes !== undefined))("write: $name", (vector) => {
    const { decoded, v1Status, text } = vector;
    const bytes = v1Status === undefined ? encodeReply(decoded) : encodeV1StatusReply(v1Status);
    expect(new TextDecoder().decode(bytes)).toBe(text);
  });

  test("every error of the registry fits the vendor's buffer of 64 bytes for the text", () => {
    for (const code of Object.keys(errorRegistry) as (keyof typeof errorRegistry)[]) {
      const log = formatVendorLog(vendorErrorOf(code, -2_147_483_648));
      expect(utf8(log).length).toBeLessThan(64);
    }
  });
});

function encodeReply(reply: DeviceReply): Uint8Array {
  switch (reply.type) {
    case "info": {
      const { productId = "", deviceName = "", productRegion = "", status } = reply;
      return encodeInfoReply({
        productId,
        deviceName,
        productRegion,
        ...(status === undefined ? {} : { status }),
      });
    }
    case "error": {
      const { isCurrent, code, vendor, attempt } = reply;
      return encodeErrorReply({
        isCurrent,
        code,
        ...(vendor === undefined ? {} : { subId: vendor.subId }),
        ...(attempt === undefined ? {} : { attempt }),
      });
    }
    case "v1Received":
      return encodeV1ReceivedReply();
    case "joined":
      return encodeJoinedNotification();
  }
}
