import { troubleSentence } from "@downbeat/domain";
import { refusingSentence } from "@downbeat/read-model";
import type { Services } from "./context.ts";
import type { AnswerSource, EarlierState, Freshness } from "./views.ts";

/** How fresh an answer is that is given now; its note says what is still missing from before the read model begins. */
export function freshnessNow({ feed, earlier }: Pick<Services, "feed" | "earlier">): Freshness {
  const freshness = feed.freshness();
  const before = earlier?.state();
  const undecided = troubleSentence(freshness.undecided ?? [], feed.status().partitions);
  const refusing = refusingSentence(freshness.refusing ?? []);
  const note =
    freshness.note ?? undecided ?? refusing ?? (before === undefined ? undefined : earlierNote(before));
  return {
    ...freshness,
    ...(note !== undefined && { note }),
    ...(before !== undefined && { earlier: before }),
  };
}

function earlierNote({
  source,
  beginning,
  percent,
  openRunsKnown,
  trouble,
}: EarlierState): string | undefined {
  if (openRunsKnown) return undefined;
  const runs = `Runs that were open at ${new Date(beginning).toISOString()} and began before`;
  if (trouble !== undefined) return `${runs} are missing. ${trouble}`;
  return `${runs} are being looked for in ${source}${percent === undefined ? "" : ` (${Math.round(percent)} %)`}.`;
}

/**
 * How fresh an answer is that is given now, what it was made from, and how long that took.
 *
 * @param began `performance.now()` when it was asked for
 */
export function freshnessOf(
  { feed, earlier }: Pick<Services, "feed" | "earlier">,
  began: number,
  other?: AnswerSource,
): Freshness {
  const freshness = freshnessNow({ feed, earlier });
  const readModel: AnswerSource = {
    source: "the read model",
    tookMs: Math.round(performance.now() - began),
    completeTo: freshness.completeTo,
  };
  return { ...freshness, sources: other === undefined ? [readModel] : [readModel, other] };
}
