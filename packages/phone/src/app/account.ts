import type { Secret } from "@softap/protocol";

/** How a person proves who they are. */
export type Login =
  | { readonly email: string; readonly password: Secret }
  | {
      readonly phoneNumber: string;
      /** Without `+`. @defaultValue "86" */
      readonly countryCode?: string;
      readonly password: Secret;
    };

/** What a login gives. */
export interface AccessToken {
  readonly token: Secret;
  /** Unix seconds. */
  readonly expiresAtS: number;
}

/** The logged-in account. */
export interface User {
  readonly userId: string;
  readonly nickName?: string;
  readonly email?: string;
  readonly phoneNumber?: string;
}

/** A group of users that owns devices. */
export interface Family {
  readonly familyId: string;
  readonly name: string;
  readonly isOwner: boolean;
}

/** A part of a family's home; the default room has the id "0" and is not listed. */
export interface Room {
  readonly roomId: string;
  readonly name: string;
  readonly deviceCount: number;
}

/** A device that a family owns. */
export interface FamilyDevice {
  /** `productId/deviceName`. */
  readonly deviceId: string;
  readonly productId: string;
  readonly deviceName: string;
  readonly alias?: string;
  readonly roomId: string;
}

/** How far a bind token is: 1 made, 2 reported by a device. */
export interface BindTokenState {
  readonly state: number;
  readonly productId?: string | undefined;
  readonly deviceName?: string | undefined;
}

/** What ties a device to a family. */
export interface BindRequest {
  /** In state 2. */
  readonly token: Secret;
  readonly productId: string;
  readonly deviceName: string;
  readonly familyId: string;
  /** "0" is the default room. @defaultValue "0" */
  readonly roomId?: string;
}
