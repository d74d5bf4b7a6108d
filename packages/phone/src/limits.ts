/** Limits of the phone side that may be tuned. Times in milliseconds. */
export interface PhoneLimits {
  /** Making the bind token and finding the family, while still online, 1 000–60 000. */
  readonly prepareTimeoutMs: number;
  /** Joining the device's soft AP, 1 000–120 000; a person may have to answer a question of the system. */
  readonly softApTimeoutMs: number;
  /** Until the phone's former network carries data again, 1 000–120 000. */
  readonly restoreTimeoutMs: number;
  /** No reply to the credentials within this and the device counts as silent, 1 000–60 000. Source: the guide's 5 × 2 s. */
  readonly silentAfterMs: number;
  /** After that, how long the cloud is asked for the device, whose replies may be lost while it joins; `verdictTimeoutMs` at most. Source: the vendor's C SDK reports its token 6 000 and a join after its first reply. */
  readonly silentAskMs: number;
  /** A phone that joined the soft AP and hears no reply looks this often whether it is still there, 500–60 000. */
  readonly softApCheckMs: number;
  /** How often in one session a phone that was thrown off before the first reply joins the soft AP again, 1–10. */
  readonly maxRejoins: number;
  /** Gap before the first repeated question to a device that tells its status; doubles up to `maxQuestionGapMs`. */
  readonly questionGapMs: number;
  /** Longest gap between questions to the device. */
  readonly maxQuestionGapMs: number;
  /** Gap between questions to a device that says it failed, until the cause arrives. Ours tells it 4 times a second at most. */
  readonly causeGapMs: number;
  /** A device on its soft AP that says nothing for this long is out of contact: the phone goes back online to ask the cloud. */
  readonly contactLostMs: number;
  /** How long the phone stays on the soft AP after the device joined its network, to hear from it whether the cloud accepted it. */
  readonly resultWaitMs: number;
  /** After lost contact the phone looks for the soft AP again, in case a device with one radio came back to tell why it failed. */
  readonly returnAfterMs: number;
  /** After the way home, when the device had joined its network: it gives up on a cloud that is out of its reach, and its soft AP tells why. Ours takes 40 000. */
  readonly reasonAfterMs: number;
  /** Gap between questions to the cloud, 200–10 000. */
  readonly askGapMs: number;
  /** Gap after `frequentAsks` questions. Source: the vendor's apps ask every 2 000. */
  readonly maxAskGapMs: number;
  /** Number of questions with the short gap. */
  readonly frequentAsks: number;
  /** One request to the cloud, 500–60 000. Source: the vendor's JavaScript waits 10 000. */
  readonly requestTimeoutMs: number;
  /** Gap before binding is tried again after a failure that may pass; doubles up to `maxBindGapMs`. */
  readonly bindGapMs: number;
  /** Longest gap between tries to bind. */
  readonly maxBindGapMs: number;
  /** From the device's report of the token to the verdict `unknown` when binding neither succeeds nor fails, 5 000–600 000. */
  readonly bindTimeoutMs: number;
  /** From an attempt's first datagram, and again from its answer, to the verdict `unknown`, 10 000–600 000. */
  readonly verdictTimeoutMs: number;
  /** Attempts with other credentials in one session, 1–100. */
  readonly maxAttempts: number;
}

/** What holds where the caller gives no other limits. */
export const phoneLimits: PhoneLimits = {
  prepareTimeoutMs: 15_000,
  softApTimeoutMs: 60_000,
  restoreTimeoutMs: 30_000,
  silentAfterMs: 10_000,
  silentAskMs: 20_000,
  softApCheckMs: 2_000,
  maxRejoins: 2,
  questionGapMs: 1_000,
  maxQuestionGapMs: 2_000,
  causeGapMs: 300,
  contactLostMs: 8_000,
  resultWaitMs: 4_000,
  returnAfterMs: 15_000,
  reasonAfterMs: 42_000,
  askGapMs: 1_000,
  maxAskGapMs: 2_000,
  frequentAsks: 20,
  requestTimeoutMs: 10_000,
  bindGapMs: 500,
  maxBindGapMs: 4_000,
  bindTimeoutMs: 30_000,
  verdictTimeoutMs: 120_000,
  maxAttempts: 10,
};
