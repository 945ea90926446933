import { z } from "zod";
import type { Context } from "../context.ts";
import { freshnessNow } from "../freshness.ts";
import { cursor, limit } from "../inputs.ts";
import type { AttentionList, Freshness } from "../views.ts";

export const ListAttention = z
  .object({ cursor, limit: limit(200, 50), fingerprint: z.string().max(200).optional() })
  .prefault({});

export async function listAttention(
  { readModel, feed, earlier, cursors, waits, now }: Context,
  input: z.infer<typeof ListAttention>,
): Promise<AttentionList> {
  const causes = await waits.causes();
  const freshness = freshnessNow({ feed, earlier });
  const { groups, ...page } = cursors.page(input, (query) =>
    readModel.attention({ ...query, waits: causes }),
  );
  const undecided = undecidedGroup(freshness, now());
  return {
    ...page,
    groups: undecided === undefined ? groups : [undecided, ...groups],
    causes: page.causes + (undecided === undefined ? 0 : 1),
    freshness,
  };
}

/** Commands that no engine decides are no items of runs: what they would do is not known yet. */
function undecidedGroup(
  { undecided = [], note = "" }: Freshness,
  now: number,
): AttentionList["groups"][number] | undefined {
  if (undecided.length === 0) return undefined;
  return {
    fingerprint: "undecided",
    kind: "undecided",
    errorName: "NotDecided",
    message: note,
    count: undecided.reduce((sum, { waiting }) => sum + waiting, 0),
    runs: 0,
    oldest: now - Math.max(...undecided.map(({ forMs }) => forMs)),
  };
}
