import type { CancelSignal } from "@softap/ports";
import { asBytes, asMap, asText } from "../dbus/value.ts";
import type { NetworkManagerClient } from "./client.ts";
import { generationKey, type ProfileRole, roleKey, userSetting } from "./profile.ts";

/** A profile of ours. */
export interface OwnProfile {
  readonly path: string;
  readonly role: ProfileRole;
  readonly ssid: Uint8Array;
  /** Number among the kept ones; `undefined` when it was only tried. */
  readonly generation: number | undefined;
}

/** Profiles that this package made for an interface, highest generation first; those of other programs are left alone. */
export async function ownProfiles(
  client: NetworkManagerClient,
  interfaceName: string,
  call: { signal: CancelSignal },
): Promise<readonly OwnProfile[]> {
  const found: OwnProfile[] = [];
  for (const path of await client.profiles(call)) {
    const settings = await client.profileSettings(path, call);
    if (settings === undefined) continue;
    const notes = asMap(asMap(settings.get(userSetting)).get("data"));
    const role = asText(notes.get(roleKey));
    const connection = asMap(settings.get("connection"));
    if (!isRole(role) || asText(connection.get("interface-name")) !== interfaceName) continue;
    const generation = notes.get(generationKey);
    found.push({
      path,
      role,
      ssid: asBytes(asMap(settings.get("802-11-wireless")).get("ssid")),
      generation: generation === undefined ? undefined : Number.parseInt(asText(generation), 10) || 0,
    });
  }
  return found.toSorted((a, b) => (b.generation ?? -1) - (a.generation ?? -1));
}

function isRole(text: string): text is ProfileRole {
  return text === "station" || text === "soft-ap" || text === "phone";
}
