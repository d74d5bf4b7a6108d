import type { AppClient, Verdict } from "@softap/phone";
import type { Language } from "@softap/protocol/texts";
import { describeError } from "../exit.ts";
import type { Outcome } from "../reporter/reporter.ts";
import { summaryWords } from "../reporter/titles.ts";

/** Who asks, and in which language the answer is told. */
interface Asker {
  readonly client: AppClient;
  /** Name of the account, as far as it is known. */
  readonly name: string | undefined;
  readonly lang: Language;
}

/** A verdict with what a person wants to know beside it. */
export async function outcomeOf(verdict: Verdict, asker: Asker): Promise<Outcome> {
  const { deviceId, elapsedMs } = verdict;
  if (verdict.verdict === "bound")
    return { verdict: "bound", deviceId, elapsedMs, ...(await placeOf(verdict, asker)) };
  return { verdict: verdict.verdict, deviceId, elapsedMs, failure: describeError(verdict.error, asker.lang) };
}

/** Names of owner, family and room. The device is bound already: what cannot be asked now is told by its id. */
async function placeOf(
  { familyId, roomId }: { readonly familyId: string; readonly roomId: string },
  { client, name, lang }: Asker,
): Promise<Pick<Outcome, "owner" | "family" | "room">> {
  const [user, families, rooms] = await Promise.allSettled([
    client.getUser(),
    client.families(),
    client.rooms(familyId),
  ]);
  const owner = user.status === "fulfilled" ? (user.value.email ?? user.value.phoneNumber ?? name) : name;
  const family = settled(families)?.find((each) => each.familyId === familyId)?.name ?? familyId;
  const isDefaultRoom = roomId === "0";
  const room = isDefaultRoom
    ? summaryWords.defaultRoom[lang]
    : (settled(rooms)?.find((each) => each.roomId === roomId)?.name ?? roomId);
  return { ...(owner === undefined ? {} : { owner }), family, room };
}

function settled<Value>(result: PromiseSettledResult<Value>): Value | undefined {
  return result.status === "fulfilled" ? result.value : undefined;
}
