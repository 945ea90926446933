import { z } from "zod";
import type { Context } from "../context.ts";
import { freshnessNow } from "../freshness.ts";
import { cursor, limit } from "../inputs.ts";
import type { AttentionChanges, AttentionList, Freshness } from "../views.ts";

export const ListAttention = z
  .object({ cursor, limit: limit(200, 50), fingerprint: z.string().max(200).optional() })
  .prefault({});

export async function listAttention(
  context: Context,
  input: z.infer<typeof ListAttention>,
): Promise<AttentionList> {
  const causes = await context.waits.causes();
  return whole(
    context,
    context.cursors.page(input, (query) => context.readModel.attention({ ...query, waits: causes })),
  );
}

export const FollowAttention = z
  .object({
    limit: limit(200, 50),
    fingerprint: z.string().max(200).optional(),
    /** Of the answer that is known. */
    since: z.string().max(60).optional(),
  })
  .prefault({});

/** The first page as it differs from the one that is known: for those who look at it all the time. */
export async function followAttention(
  context: Context,
  { since, ...query }: z.infer<typeof FollowAttention>,
): Promise<AttentionChanges> {
  const causes = await context.waits.causes();
  const { cursor: _, ...first } = context.attention.list(query, causes);
  const { items, groups, ...rest } = whole(context, first);
  const key = `${query.limit} ${query.fingerprint ?? ""}`;
  return { ...rest, ...context.toldAttention.changes(key, { items, groups }, since) };
}

function whole(
  { feed, earlier, now }: Context,
  { groups, ...page }: Omit<AttentionList, "freshness">,
): AttentionList {
  const freshness = freshnessNow({ feed, earlier });
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
  // To the second: else it is another entry each time that somebody asks.
  const since = Math.round((now - Math.max(...undecided.map(({ forMs }) => forMs))) / 1_000) * 1_000;
  return {
    fingerprint: "undecided",
    kind: "undecided",
    errorName: "NotDecided",
    message: note,
    count: undecided.reduce((sum, { waiting }) => sum + waiting, 0),
    runs: 0,
    oldest: since,
    firstSeen: since,
    lastSeen: since,
  };
}
