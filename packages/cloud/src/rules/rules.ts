import type { Accounts } from "./accounts.ts";
import type { BindTokens } from "./bind-tokens.ts";
import type { Bindings } from "./bindings.ts";
import type { Connections } from "./connections.ts";
import type { Devices } from "./devices.ts";
import type { Families } from "./families.ts";
import type { AdminAccess, AppCredentials } from "./keys.ts";
import type { Products } from "./products.ts";
import type { Properties } from "./properties.ts";
import type { Registration } from "./registration.ts";
import type { SignedBindings } from "./signed-bindings.ts";

/** Everything that the cloud can be asked to do. */
export interface Rules {
  readonly accounts: Accounts;
  readonly admin: AdminAccess;
  readonly app: AppCredentials;
  readonly bindings: Bindings;
  readonly bindTokens: BindTokens;
  readonly connections: Connections;
  readonly devices: Devices;
  readonly families: Families;
  readonly products: Products;
  readonly properties: Properties;
  readonly registration: Registration;
  readonly signedBindings: SignedBindings;
}
