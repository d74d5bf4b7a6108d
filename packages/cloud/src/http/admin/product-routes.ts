import { Type } from "typebox";
import type { Product, Products } from "../../rules/products.ts";
import type { AdminScope } from "./admin-routes.ts";
import { okReply, pageOf, pageQuery, productPath } from "./schemas.ts";

const registrationMode = Type.Union([
  Type.Literal("off"),
  Type.Literal("pre-created"),
  Type.Literal("auto-create"),
]);

const topicRights = Type.Record(
  Type.String({ pattern: "^[A-Za-z0-9_-]{1,32}(/[A-Za-z0-9_-]{1,32}){0,3}$" }),
  Type.Union([Type.Literal("subscribe"), Type.Literal("publish"), Type.Literal("both")]),
  { additionalProperties: false },
);

const changeable = {
  name: Type.String({ minLength: 1, maxLength: 64 }),
  registrationMode,
  deviceLimit: Type.Integer({ minimum: 0, maximum: 1_000_000_000 }),
  topicRights,
};

/** Products of the admin API. */
export function productRoutes(scope: AdminScope, products: Products): void {
  scope.post(
    "/products",
    {
      schema: {
        body: Type.Object(
          {
            name: changeable.name,
            kind: Type.Optional(Type.Union([Type.Literal("psk"), Type.Literal("certificate")])),
            registrationMode: Type.Optional(changeable.registrationMode),
            deviceLimit: Type.Optional(changeable.deviceLimit),
            topicRights: Type.Optional(changeable.topicRights),
          },
          { additionalProperties: false },
        ),
      },
    },
    async (request, reply) => {
      const product = await products.create(request.body);
      reply.status(201);
      // The only answer that ever holds the secret.
      return { ...productView(product), productSecret: product.productSecret.reveal() };
    },
  );
  scope.get("/products", { schema: { querystring: pageQuery } }, async (request) => {
    const { items, total } = await products.list(pageOf(request.query));
    return { products: items.map(productView), total };
  });
  scope.get("/products/:productId", { schema: { params: productPath } }, async (request) =>
    productView(await products.get(request.params.productId)),
  );
  scope.patch(
    "/products/:productId",
    {
      schema: {
        params: productPath,
        body: Type.Partial(Type.Object(changeable), { additionalProperties: false }),
      },
    },
    async (request) => productView(await products.update(request.params.productId, request.body)),
  );
  scope.delete("/products/:productId", { schema: { params: productPath } }, async (request) => {
    await products.delete(request.params.productId);
    return okReply;
  });
}

function productView(product: Product): object {
  const { productSecret: _secret, ...rest } = product;
  return rest;
}
