import { provision } from "@softap/phone";
import { passphrase, softApSsid } from "../field-world.ts";
import type { PhoneKind } from "./field-phone.ts";

/** The phone side that ships. */
export const ourPhone: PhoneKind = {
  name: "ours",
  provision: async ({ account, clock, random, phoneHost, wifi, router }) => {
    const { result } = provision({
      cloud: account,
      network: { ssid: router.ssid, passphrase },
      softAp: { ssid: softApSsid },
      ports: { clock, random: random.child("provision"), datagrams: phoneHost.datagrams, wifi },
    });
    const verdict = await result;
    const { elapsedMs } = verdict;
    const reason = verdict.verdict === "bound" ? "" : verdict.code;
    return { verdict: verdict.verdict, elapsedMs, reason };
  },
};
