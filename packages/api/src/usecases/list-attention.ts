import { z } from "zod";
import type { Context } from "../context.ts";
import { cursor, limit } from "../inputs.ts";
import type { AttentionList } from "../views.ts";

export const ListAttention = z
  .object({ cursor, limit: limit(200, 50), fingerprint: z.string().max(100).optional() })
  .prefault({});

export function listAttention(
  { readModel, feed }: Context,
  input: z.infer<typeof ListAttention>,
): AttentionList {
  return { ...readModel.attention(input), freshness: feed.freshness() };
}
