import { Type } from "typebox";

/** `?offset=0&limit=100`. */
export const pageQuery = Type.Object({
  offset: Type.Optional(Type.Integer({ minimum: 0 })),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000 })),
});

/** The part of a list that a query asks for. */
export function pageOf(query: { offset?: number; limit?: number }): { offset: number; limit: number } {
  return { offset: query.offset ?? 0, limit: query.limit ?? 100 };
}

/** `/…/:productId`. */
export const productPath = Type.Object({ productId: Type.String() });

/** `/…/:productId/…/:deviceName`. */
export const devicePath = Type.Object({ productId: Type.String(), deviceName: Type.String() });

/** Whether something was done. */
export const okReply = { ok: true } as const;
