import type { Language } from "@softap/protocol/texts";
import { en } from "./en.ts";
import { zh } from "./zh.ts";

/** Every text of the app, by page. `{name}` and the like are filled in. */
export interface Texts {
  readonly cancel: string;
  /** Failures of the phone itself: what went wrong, what to do; without full stops, like those of the registry. */
  readonly failures: Readonly<
    Record<
      | "noCloud"
      | "softApPassphrase"
      | "noSoftAp"
      | "notAllowed"
      | "notJoined"
      | "notScanned"
      | "notShared"
      | "labelForNetwork"
      | "otherDevice",
      readonly [text: string, action: string]
    >
  > & {
    /** What stood in the way last. */
    readonly because: string;
  };
  readonly signIn: {
    readonly title: string;
    readonly lead: string;
    readonly name: string;
    readonly password: string;
    readonly signIn: string;
  };
  readonly devices: {
    readonly title: string;
    readonly add: string;
    readonly emptyTitle: string;
    readonly emptyText: string;
    readonly online: string;
    readonly offline: string;
    readonly again: string;
    readonly signOut: string;
    readonly loading: string;
  };
  readonly device: {
    readonly online: string;
    readonly offline: string;
    readonly product: string;
    readonly deviceName: string;
    readonly unbind: string;
    readonly unbindTitle: string;
    readonly unbindContent: string;
  };
  readonly add: AddTexts;
}

/** Texts of adding a device. */
export interface AddTexts {
  readonly title: string;
  readonly next: string;
  readonly back: string;
  readonly again: string;
  readonly cancel: string;
  /** In the place of a passphrase that a code told. */
  readonly filled: string;
  readonly filledOpen: string;
  readonly retype: string;
  readonly report: {
    readonly show: string;
    readonly title: string;
    readonly note: string;
    readonly copy: string;
    readonly share: string;
  };
  readonly choose: {
    readonly title: string;
    readonly lead: string;
    readonly scan: string;
    readonly scanNote: string;
    readonly labelRead: string;
    readonly homeKept: string;
    readonly nearby: string;
    readonly search: string;
    readonly searching: string;
    readonly nothing: string;
    readonly byHand: string;
    readonly ssid: string;
    readonly passphrase: string;
  };
  readonly prepare: {
    readonly title: string;
    readonly steps: readonly string[];
    readonly clear: string;
  };
  readonly wifi: {
    readonly title: string;
    readonly lead: string;
    readonly scan: string;
    readonly ssid: string;
    readonly passphrase: string;
    readonly show: string;
    readonly hide: string;
    readonly send: string;
    readonly looksLike5Ghz: string;
    readonly open: string;
    readonly sameAsSoftAp: string;
  };
  readonly join: {
    readonly title: string;
    readonly connect: string;
    readonly connecting: string;
    readonly byHandTitle: string;
    readonly byHand: string;
    readonly joined: string;
  };
  readonly progress: {
    readonly title: string;
    readonly lead: string;
    readonly left: string;
    readonly goingBack: string;
    readonly rows: Readonly<Record<"join" | "send" | "network" | "cloud" | "bind", string>>;
  };
  readonly success: { readonly title: string; readonly lead: string; readonly done: string };
  readonly failure: {
    readonly title: string;
    readonly unknownTitle: string;
    readonly stuck: string;
    readonly readLog: string;
    readonly readingLog: string;
    readonly logTitle: string;
    readonly emptyLog: string;
    readonly list: string;
  };
}

/** The texts of a language. */
export function textsOf(language: Language): Texts {
  return language === "zh" ? zh : en;
}
