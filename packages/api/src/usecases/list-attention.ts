import { z } from "zod";
import type { Context } from "../context.ts";
import { freshnessNow } from "../freshness.ts";
import { cursor, limit } from "../inputs.ts";
import type { AttentionList } from "../views.ts";

export const ListAttention = z
  .object({ cursor, limit: limit(200, 50), fingerprint: z.string().max(100).optional() })
  .prefault({});

export function listAttention(
  { readModel, feed, earlier, cursors }: Context,
  input: z.infer<typeof ListAttention>,
): AttentionList {
  return {
    ...cursors.page(input, (query) => readModel.attention(query)),
    freshness: freshnessNow({ feed, earlier }),
  };
}
