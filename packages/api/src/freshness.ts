import type { Services } from "./context.ts";
import type { AnswerSource, Freshness } from "./views.ts";

export function freshnessNow({ feed, earlier }: Pick<Services, "feed" | "earlier">): Freshness {
  const before = earlier?.state();
  return { ...feed.freshness(), ...(before !== undefined && { earlier: before }) };
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
