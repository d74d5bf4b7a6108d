import { encodeUtf8 } from "@softap/protocol";

/** What goes into a request. */
interface Credentials {
  readonly ssid: string;
  readonly password: string;
  readonly token: string;
  readonly bssid: string;
}

/** What a phone makes of a datagram. */
export type Reading = "accept" | "fail" | "ignore";

/** How one of the vendor's phones goes about it. Times in milliseconds; sources: docs/protocol.md, "Timing". */
export interface VendorPlan {
  readonly name: string;
  readonly localPort: number;
  /** From the open socket to the first send. */
  readonly firstSendMs: number;
  readonly sendGapMs: number;
  readonly maxSends: number;
  /** From the open socket to giving up. */
  readonly silentAfterMs: number;
  readonly encode: (credentials: Credentials) => Uint8Array;
  readonly read: (fields: Readonly<Record<string, unknown>>) => Reading;
  /** After the reply the phone goes home, for so long at least … */
  readonly minReturnMs: number;
  /** … and at most; later is a failure. */
  readonly maxReturnMs: number;
  /** From home to the first question to the cloud. */
  readonly settleMs: number;
  readonly pollGapMs: number;
  readonly maxPolls: number;
  /** Questions that may go wrong before the run fails. */
  readonly forgivenPolls: number;
}

const region = "ap-guangzhou";
const isTruthyText = (value: unknown): boolean => typeof value === "string" && value !== "";

const miniProgram: VendorPlan = {
  name: "mini program",
  localPort: 8266,
  firstSendMs: 1_000,
  sendGapMs: 2_000,
  maxSends: 12,
  silentAfterMs: 23_000,
  encode: ({ ssid, password, token }) => encodeUtf8(JSON.stringify({ cmdType: 1, ssid, password, token })),
  read: ({ cmdType, deviceReply }) => {
    if (Number(cmdType) !== 2 || deviceReply === "Previous_Error") return "ignore";
    return deviceReply === "Current_Error" ? "fail" : "accept";
  },
  minReturnMs: 5_000,
  maxReturnMs: 13_000,
  settleMs: 1_000,
  pollGapMs: 2_000,
  maxPolls: 20,
  forgivenPolls: 15,
};

const android: VendorPlan = {
  name: "Android",
  localPort: 8266,
  firstSendMs: 0,
  sendGapMs: 1_000,
  maxSends: 10,
  silentAfterMs: 10_000,
  encode: ({ ssid, password, token, bssid }) =>
    encodeUtf8(JSON.stringify({ cmdType: 1, ssid, bssid, password, token, region })),
  read: ({ productId, deviceName }) =>
    isTruthyText(productId) && isTruthyText(deviceName) ? "accept" : "ignore",
  minReturnMs: 0,
  maxReturnMs: Infinity,
  settleMs: 0,
  pollGapMs: 2_000,
  maxPolls: 50,
  forgivenPolls: Infinity,
};

const ios: VendorPlan = {
  name: "iOS",
  localPort: 55_551,
  firstSendMs: 2_000,
  sendGapMs: 2_000,
  maxSends: 5,
  silentAfterMs: 12_000,
  encode: ({ ssid, password, token, bssid }) =>
    encodeUtf8(
      JSON.stringify({ cmdType: 1, ssid, bssid, password, token, region }, undefined, 2).replaceAll(
        '": ',
        '" : ',
      ),
    ),
  read: ({ cmdType, deviceReply }) => {
    if (Number(cmdType) !== 2) return "ignore";
    return deviceReply === undefined || deviceReply === "Previous_Error" ? "accept" : "fail";
  },
  minReturnMs: 0,
  maxReturnMs: Infinity,
  settleMs: 0,
  pollGapMs: 2_000,
  maxPolls: 100,
  forgivenPolls: Infinity,
};

/** The three that are in use. */
export const vendorPlans: readonly VendorPlan[] = [miniProgram, android, ios];
