import { randomText } from "@softap/ports";
import { Secret, softApError } from "@softap/protocol";
import { nowS, type RulesContext } from "./rules-context.ts";

/** Who may register: nobody, devices that were created before, or any device up to the product's limit. */
export type RegistrationMode = "off" | "pre-created" | "auto-create";

/** What a device may do with a custom topic `productId/deviceName/{name}`. */
export type TopicRight = "subscribe" | "publish" | "both";

/** Custom topics of a product. */
export type TopicRights = Readonly<Record<string, TopicRight>>;

/** What a new product's devices may do. Source: the vendor's console. */
export const defaultTopicRights: TopicRights = { control: "subscribe", event: "publish", data: "both" };

/** A kind of device. */
export interface Product {
  readonly productId: string;
  readonly name: string;
  readonly kind: "psk" | "certificate";
  readonly productSecret: Secret;
  readonly registrationMode: RegistrationMode;
  /** Devices that registration may create. */
  readonly deviceLimit: number;
  readonly topicRights: TopicRights;
  readonly createdAtS: number;
  readonly updatedAtS: number;
}

/** What can be changed about a product. */
export type ProductChanges = Partial<
  Pick<Product, "name" | "registrationMode" | "deviceLimit" | "topicRights">
>;

/** Where products are kept. */
export interface ProductStore {
  /** @returns Whether the id was free. */
  insert(product: Product): Promise<boolean>;
  find(productId: string): Promise<Product | undefined>;
  list(page: { offset: number; limit: number }): Promise<{ items: readonly Product[]; total: number }>;
  update(productId: string, changes: ProductChanges & { updatedAtS: number }): Promise<boolean>;
  /** @returns `inUse` when it has devices. */
  delete(productId: string): Promise<"deleted" | "unknown" | "inUse">;
}

/** Creates and changes products. */
export class Products {
  readonly #store: ProductStore;
  readonly #context: RulesContext;

  constructor(store: ProductStore, context: RulesContext) {
    this.#store = store;
    this.#context = context;
  }

  /** Makes a product with an id of 10 characters and a secret of 24. */
  async create(
    options: { name: string } & Partial<
      Pick<Product, "kind" | "registrationMode" | "deviceLimit" | "topicRights">
    >,
  ): Promise<Product> {
    const createdAtS = nowS(this.#context);
    for (;;) {
      const product: Product = {
        productId: randomText(this.#context.random, 10, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"),
        name: options.name,
        kind: options.kind ?? "psk",
        productSecret: Secret.of(randomText(this.#context.random, 24)),
        registrationMode: options.registrationMode ?? "off",
        deviceLimit: options.deviceLimit ?? 1000,
        topicRights: options.topicRights ?? defaultTopicRights,
        createdAtS,
        updatedAtS: createdAtS,
      };
      if (await this.#store.insert(product)) return product;
    }
  }

  /** @throws {@link CloudError} `NOT_FOUND` */
  async get(productId: string): Promise<Product> {
    const product = await this.#store.find(productId);
    if (product === undefined) throw notFound(productId);
    return product;
  }

  /** Products by id. */
  list(page: { offset: number; limit: number }): Promise<{ items: readonly Product[]; total: number }> {
    return this.#store.list(page);
  }

  /** @throws {@link CloudError} `NOT_FOUND` */
  async update(productId: string, changes: ProductChanges): Promise<Product> {
    const isFound = await this.#store.update(productId, { ...changes, updatedAtS: nowS(this.#context) });
    if (!isFound) throw notFound(productId);
    return this.get(productId);
  }

  /** Deletes a product without devices. @throws {@link CloudError} `NOT_FOUND`; `ALREADY_EXISTS` while it has devices */
  async delete(productId: string): Promise<void> {
    const outcome = await this.#store.delete(productId);
    if (outcome === "unknown") throw notFound(productId);
    if (outcome === "inUse")
      throw softApError("ALREADY_EXISTS", `Product ${productId} still has devices: delete them first`);
  }
}

function notFound(productId: string): Error {
  return softApError("NOT_FOUND", `There is no product ${productId}`);
}
