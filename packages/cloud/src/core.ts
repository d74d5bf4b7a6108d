import { type Clock, type Crypto, type Log, type Random, silentLog, type TimerHandle } from "@softap/ports";
import type { Secret } from "@softap/protocol";
import type { DeviceGateway } from "./gateway.ts";
import { type CloudLimits, defaultCloudLimits } from "./limits.ts";
import type { DeviceLookup } from "./mqtt/device-facts.ts";
import { Notifier } from "./notifier.ts";
import { reasonOf } from "./reason.ts";
import { Accounts } from "./rules/accounts.ts";
import { BindTokens } from "./rules/bind-tokens.ts";
import { Bindings } from "./rules/bindings.ts";
import { Connections } from "./rules/connections.ts";
import { Devices } from "./rules/devices.ts";
import { Families } from "./rules/families.ts";
import { AdminAccess, type AppCredentials, loadAppCredentials } from "./rules/keys.ts";
import { Products } from "./rules/products.ts";
import { Properties } from "./rules/properties.ts";
import { Registration } from "./rules/registration.ts";
import type { RulesContext } from "./rules/rules-context.ts";
import type { Rules } from "./rules/rules.ts";
import { SignedBindings } from "./rules/signed-bindings.ts";
import type { SettingStore } from "./rules/setting.ts";
import { SqlAccountStore } from "./sql/account-store.ts";
import { SqlBindTokenStore } from "./sql/bind-token-store.ts";
import { SqlBindingStore } from "./sql/binding-store.ts";
import { SqlConnectionStore } from "./sql/connection-store.ts";
import { openDatabase } from "./sql/database.ts";
import { prepareDeviceLookup } from "./sql/device-lookup.ts";
import { SqlDeviceStore } from "./sql/device-store.ts";
import { SqlFamilyStore } from "./sql/family-store.ts";
import { migrate } from "./sql/migrate.ts";
import { SqlPropertyStore } from "./sql/property-store.ts";
import { SqlProductStore } from "./sql/product-store.ts";
import { SqlSettingStore } from "./sql/setting-store.ts";
import { PropertyUplink } from "./uplink/property.ts";
import { ServiceUplink } from "./uplink/service.ts";
import { answerTime } from "./uplink/time.ts";

/** What a cloud is made of, whoever serves it. */
export interface CloudCoreOptions {
  /** A SQLite file, made when it is not there, or `:memory:`. */
  readonly databasePath: string;
  /** What apps sign with. @defaultValue a pair made at the first start and kept in the database */
  readonly app?: AppCredentials;
  /** Name of this machine among those that share a database. @defaultValue "main" */
  readonly node?: string;
  readonly clock: Clock;
  readonly random: Random;
  readonly crypto: Crypto;
  /** @defaultValue silent */
  readonly log?: Log;
  readonly limits?: Partial<CloudLimits>;
}

/** The rules of a cloud on their database. No port is open: a broker and a web server are put in front of it. */
export interface CloudCore {
  readonly context: RulesContext;
  readonly rules: Rules;
  readonly settings: SettingStore;
  readonly lookup: DeviceLookup;
  readonly notifier: Notifier;
  /** The operator's token; only at the very first start of a database. */
  readonly firstAdminToken: Secret | undefined;
  /** Lets a gateway's devices reach the rules, and the rules its devices. Once, before devices can connect. */
  serve(gateway: DeviceGateway): void;
  /** Closes the database. Once, when nobody uses the rules any more. */
  close(): Promise<void>;
}

/**
 * Opens the database, brings it up to date and puts the rules on it. When that fails, nothing stays open.
 *
 * @throws {@link StoreError} `STORE_TOO_NEW`, `STORE_CORRUPT`, `STORE_READ_FAILED`, `STORE_WRITE_FAILED`
 */
export async function openCloudCore(options: CloudCoreOptions): Promise<CloudCore> {
  const { clock, random, crypto, log = silentLog } = options;
  const limits = { ...defaultCloudLimits, ...options.limits };
  const context: RulesContext = { clock, random, crypto, log, limits };
  const database = openDatabase({ path: options.databasePath, busyMs: limits.databaseBusyMs });
  const { db } = database;
  try {
    await migrate(db);
    const settings = new SqlSettingStore(db);
    const app = await loadAppCredentials(settings, context, options.app);
    const { access: admin, firstToken } = await AdminAccess.load(settings, context);

    let served: DeviceGateway = nobody;
    const notifier = new Notifier(() => served, context);
    const products = new SqlProductStore(db);
    const devices = new SqlDeviceStore(db);
    const bindTokens = new BindTokens(new SqlBindTokenStore(db), context);
    const families = new Families(new SqlFamilyStore(db), context);
    const bindingStore = new SqlBindingStore(db);
    const bindings = new Bindings(
      { store: bindingStore, tokens: bindTokens, families, listener: notifier },
      context,
    );
    const properties = new Properties(
      { store: new SqlPropertyStore(db), bindings: bindingStore, listener: notifier },
      context,
    );
    const rules: Rules = {
      accounts: new Accounts(new SqlAccountStore(db), context),
      admin,
      app,
      bindings,
      bindTokens,
      connections: new Connections(
        { store: new SqlConnectionStore(database), listener: notifier, node: options.node ?? "main" },
        context,
      ),
      devices: new Devices({ devices, products }, context),
      families,
      products: new Products(products, context),
      properties,
      registration: new Registration({ products, registrations: devices }, context),
      signedBindings: new SignedBindings({ devices, bindings }, context),
    };
    await rules.connections.start();
    const stopSweeping = startSweeping(rules, context);

    return {
      context,
      rules,
      settings,
      lookup: prepareDeviceLookup(database.raw),
      notifier,
      firstAdminToken: firstToken,
      serve: (gateway) => {
        served = gateway;
        const service = new ServiceUplink({ gateway, tokens: bindTokens, bindings: rules.bindings }, context);
        const property = new PropertyUplink({ gateway, properties }, context);
        gateway.onUplink = async (uplink) => {
          const { topic } = uplink;
          if (topic.family === "thing" && topic.kind === "service") await service.handle(uplink);
          else if (topic.family === "thing" && topic.kind === "property") await property.handle(uplink);
          else if (topic.family === "sys") await answerTime(gateway, clock, uplink);
        };
      },
      close: async () => {
        await stopSweeping();
        await db.destroy();
      },
    };
  } catch (error) {
    await db.destroy();
    throw error;
  }
}

/** The gateway of a core that nobody serves yet. */
const nobody: DeviceGateway = {
  onUplink: undefined,
  push: () => Promise.resolve(false),
  kick: () => Promise.resolve(false),
};

/** Deletes expired tokens now and then. @returns What ends it. */
function startSweeping(rules: Rules, { clock, limits, log }: RulesContext): () => Promise<void> {
  let timer: TimerHandle;
  let sweeping: Promise<void> = Promise.resolve();
  const schedule = (): void => {
    timer = clock.after("sweep expired tokens", limits.sweepIntervalMs, () => {
      sweeping = Promise.all([rules.bindTokens.sweep(), rules.accounts.sweep()]).then(
        () => schedule(),
        (error: unknown) => {
          log.error("sweep failed", { reason: reasonOf(error) });
          schedule();
        },
      );
    });
  };
  schedule();
  return async () => {
    timer.cancel();
    await sweeping;
    timer.cancel();
  };
}
