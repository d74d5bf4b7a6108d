import type { Command } from "commander";
import {
  addAdminOptions,
  addSecretOutput,
  type AdminOptions,
  type SecretOutputOptions,
} from "../config/admin-options.ts";
import { option, parseCount } from "../config/options.ts";

/** What can be said about a product. */
export interface ProductOptions extends AdminOptions {
  readonly name?: string;
  readonly registration?: "off" | "pre-created" | "auto-create";
  readonly deviceLimit?: number;
}

/** What `softap product create` takes. */
export interface CreateProductOptions extends ProductOptions, SecretOutputOptions {
  readonly name: string;
  readonly kind: "psk" | "certificate";
}

/** Declares `softap product …`. */
export function define(command: Command): void {
  const create = command.command("create").description("create a product and get its product secret");
  create.addOption(option("--name <text>", "what people call it").makeOptionMandatory()).addOption(
    option("--kind <kind>", "how its devices prove who they are", {
      choices: ["psk", "certificate"],
      default: "psk",
    }),
  );
  addSettings(create);
  addSecretOutput(create, "product secret").addHelpText(
    "after",
    `
Example:
  softap product create --name Lamp --registration auto-create --secret-file lamp.product-secret`,
  );
  addAdminOptions(create).action(async (options: CreateProductOptions) => {
    const { createProduct } = await import("../admin/products.ts");
    await createProduct(options);
  });

  addAdminOptions(command.command("list").description("list the products")).action(
    async (options: AdminOptions) => {
      const { listProducts } = await import("../admin/products.ts");
      await listProducts(options);
    },
  );

  addAdminOptions(command.command("show").description("show a product").argument("<product-id>")).action(
    async (productId: string, options: AdminOptions) => {
      const { showProduct } = await import("../admin/products.ts");
      await showProduct(productId, options);
    },
  );

  const update = command.command("update").description("change a product").argument("<product-id>");
  addSettings(update.addOption(option("--name <text>", "what people call it")));
  addAdminOptions(update).action(async (productId: string, options: ProductOptions) => {
    const { updateProduct } = await import("../admin/products.ts");
    await updateProduct(productId, options);
  });

  addAdminOptions(
    command.command("delete").description("delete a product without devices").argument("<product-id>"),
  ).action(async (productId: string, options: AdminOptions) => {
    const { deleteProduct } = await import("../admin/products.ts");
    await deleteProduct(productId, options);
  });
}

function addSettings(command: Command): void {
  command
    .addOption(
      option("--registration <mode>", "which devices may register: none, those created before, or any", {
        choices: ["off", "pre-created", "auto-create"],
        defaultText: "off",
      }),
    )
    .addOption(
      option("--device-limit <number>", "how many devices registration may create, up to 1000000", {
        parse: parseCount,
        defaultText: "the cloud's",
      }),
    );
}
