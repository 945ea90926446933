import { z } from "zod";
import type { Context } from "../context.ts";
import { freshnessNow } from "../freshness.ts";
import { cursor, limit } from "../inputs.ts";
import type { AttentionChanges, AttentionList, Freshness } from "../views.ts";

export const ListAttention = z
  .object({ cursor, limit: limit(200, 50), fingerprint: z.string().max(500).optional() })
  .prefault({});

export async function listAttention(
  context: Context,
  input: z.infer<typeof ListAttention>,
): Promise<AttentionList> {
  const [waits, marks] = await knownOf(context);
  return whole(
    context,
    context.cursors.page(input, (query) => context.readModel.attention({ ...query, waits, marks })),
  );
}

export const FollowAttention = z
  .object({
    limit: limit(200, 50),
    fingerprint: z.string().max(500).optional(),
    /** Of the answer that is known. */
    since: z.string().max(60).optional(),
  })
  .prefault({});

/** The first page as it differs from the one that is known: for those who look at it all the time. */
export async function followAttention(
  context: Context,
  { since, ...query }: z.infer<typeof FollowAttention>,
): Promise<AttentionChanges> {
  const [waits, marks] = await knownOf(context);
  const { cursor: _, ...first } = context.attention.list(query, waits, marks);
  const { items, groups, ...rest } = whole(context, first);
  const key = `${query.limit} ${query.fingerprint ?? ""}`;
  return { ...rest, ...context.toldAttention.changes(key, { items, groups }, since) };
}

function knownOf({ waits, causeMarks }: Context) {
  return Promise.all([waits.causes(), causeMarks.forLooking()]);
}

function whole(
  { feed, earlier, causeMarks, now }: Context,
  { groups, ...page }: Omit<AttentionList, "freshness">,
): AttentionList {
  const freshness = freshnessNow({ feed, earlier });
  const undecided = undecidedGroup(freshness, now());
  return {
    ...page,
    groups: undecided === undefined ? groups : [undecided, ...groups],
    causes: page.causes + (undecided === undefined ? 0 : 1),
    ...(!causeMarks.isRead && { marksUnread: true }),
    freshness,
  };
}

/** Commands that no engine decides are no items of runs: what they would do is not known yet. */
function undecidedGroup(
  { undecided: all = [], note = "" }: Freshness,
  now: number,
): AttentionList["groups"][number] | undefined {
  // Of what nobody can tell, the note says so; there is nothing to count.
  const undecided = all.filter(({ kind }) => kind !== "unknown");
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
    // That nothing goes on is nothing to be silent about.
    standing: "open",
  };
}
