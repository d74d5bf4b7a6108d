import { UsageError } from "@softap/protocol";
import type { CreateProductOptions, ProductOptions } from "../commands/product.ts";
import type { AdminOptions } from "../config/admin-options.ts";
import { printItem, printList } from "./output.ts";
import { adminClient, handOutSecret, listAll, requireSecretOutput } from "./session.ts";

/** Creates a product; its secret goes where the options say. @throws {SoftApError} `ADMIN_TOKEN_INVALID`, `USAGE`, … */
export async function createProduct(options: CreateProductOptions): Promise<void> {
  requireSecretOutput(options, "product secret");
  const client = await adminClient(options);
  const { productSecret, ...product } = await client.send({
    method: "POST",
    path: ["products"],
    body: { ...settingsOf(options), kind: options.kind },
    subject: `product ${options.name}`,
  });
  printItem(
    "product",
    { ...product, ...(await handOutSecret(productSecret, "productSecret", options)) },
    options,
  );
}

/** Prints every product. */
export async function listProducts(options: AdminOptions): Promise<void> {
  const products = await listAll(await adminClient(options), {
    key: "products",
    path: ["products"],
    subject: "products",
  });
  printList("product", products, {
    ...options,
    columns: ["productId", "name", "kind", "registrationMode", "deviceLimit", "createdAtS"],
  });
}

/** Prints one product. @throws {SoftApError} `NOT_FOUND` */
export async function showProduct(productId: string, options: AdminOptions): Promise<void> {
  const client = await adminClient(options);
  printItem("product", await client.send({ method: "GET", ...where(productId) }), options);
}

/** Changes what the options name. @throws {SoftApError} `NOT_FOUND`; `USAGE` when they name nothing */
export async function updateProduct(productId: string, options: ProductOptions): Promise<void> {
  const body = settingsOf(options);
  if (Object.keys(body).length === 0)
    throw new UsageError("USAGE", "There is nothing to change", {
      context: { help: "Give --name, --registration or --device-limit" },
    });
  const client = await adminClient(options);
  printItem("product", await client.send({ method: "PATCH", ...where(productId), body }), options);
}

/** Deletes a product. @throws {SoftApError} `NOT_FOUND`; `ALREADY_EXISTS` while it has devices */
export async function deleteProduct(productId: string, options: AdminOptions): Promise<void> {
  const client = await adminClient(options);
  await client.send({ method: "DELETE", ...where(productId) });
  printItem("deleted", { productId }, options);
}

function where(productId: string): { path: readonly string[]; subject: string } {
  return { path: ["products", productId], subject: `product ${productId}` };
}

function settingsOf({ name, registration, deviceLimit }: ProductOptions): Readonly<Record<string, unknown>> {
  return {
    ...(name === undefined ? {} : { name }),
    ...(registration === undefined ? {} : { registrationMode: registration }),
    ...(deviceLimit === undefined ? {} : { deviceLimit }),
  };
}
