import type { FailureView } from "../failure-view.ts";
import type { AddTexts } from "../texts/texts.ts";
import type { NetworkDoubt } from "./network-doubts.ts";
import type { ProgressRow } from "./progress.ts";

/** Where a person is, in order; the last two end it. */
export type AddStep = "choose" | "prepare" | "wifi" | "join" | "progress" | "success" | "failure";

/** Steps of the way, as the dots at the top count them. */
const way: readonly AddStep[] = ["choose", "prepare", "wifi", "join", "progress"];

/** What the page for adding a device shows. */
export interface AddDeviceView {
  readonly t: AddTexts;
  readonly title: string;
  readonly step: AddStep;
  readonly dots: readonly ("done" | "active" | "todo")[];
  /** Something is on its way; buttons wait for it. */
  readonly isBusy: boolean;
  /** What went wrong in this step; on the last page, why it failed. */
  readonly failure: FailureView | null;
  /** What is wrong with the code that was scanned last. */
  readonly scanFailure: FailureView | null;
  /** What a scanned code was, if that needs saying. */
  readonly note: string;
  /** Soft APs of the products, seen from here, the nearest first. */
  readonly nearby: readonly string[];
  readonly isSearching: boolean;
  /** On iOS nothing is searched. */
  readonly canSearch: boolean;
  readonly softApSsid: string;
  /** What a code told of the soft AP's passphrase, in words, never itself; empty where it is typed. */
  readonly softApFilled: string;
  /** What stands in the way on this phone. */
  readonly findings: readonly { readonly text: string; readonly isBlocking: boolean }[];
  readonly isBlocked: boolean;
  readonly ssid: string;
  /** Like `softApFilled`, of the network's passphrase. */
  readonly homeFilled: string;
  readonly isPassphraseShown: boolean;
  readonly doubts: readonly NetworkDoubt[];
  /** What will happen to the phone's network. */
  readonly plan: string;
  /** How to join the soft AP without the app, when joining failed. */
  readonly byHand: string;
  readonly rows: readonly ProgressRow[];
  readonly timeLeft: string;
  readonly isGoingBack: boolean;
  readonly deviceName: string;
  /** What to do when the phone did not find back to its own network; empty when it did. */
  readonly stuck: string;
  readonly isUnknown: boolean;
  readonly canReadLog: boolean;
  readonly isReadingLog: boolean;
  readonly log: string;
  /** Why there is no log, or why the report was not sent. */
  readonly helpFailure: FailureView | null;
  /** For support, to be read before it is sent; empty until it is asked for. */
  readonly report: string;
  readonly canShare: boolean;
}

/** What the dots show in a step. */
export function dotsOf(step: AddStep): AddDeviceView["dots"] {
  const at = way.indexOf(step);
  if (at < 0) return [];
  return way.map((_, index) => (index < at ? "done" : index === at ? "active" : "todo"));
}

/** What is shown at first. */
export function firstView(
  t: AddTexts,
  phone: { readonly softApPrefix: string; readonly canSearch: boolean; readonly canShare: boolean },
): AddDeviceView {
  const { softApPrefix, canSearch, canShare } = phone;
  return {
    t,
    title: t.title,
    step: "choose",
    dots: dotsOf("choose"),
    isBusy: false,
    failure: null,
    scanFailure: null,
    note: "",
    nearby: [],
    isSearching: false,
    canSearch,
    softApSsid: softApPrefix,
    softApFilled: "",
    findings: [],
    isBlocked: false,
    ssid: "",
    homeFilled: "",
    isPassphraseShown: false,
    doubts: [],
    plan: "",
    byHand: "",
    rows: [],
    timeLeft: "",
    isGoingBack: false,
    deviceName: "",
    stuck: "",
    isUnknown: false,
    canReadLog: false,
    isReadingLog: false,
    log: "",
    helpFailure: null,
    report: "",
    canShare,
  };
}
