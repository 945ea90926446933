import type { Services } from "./context.ts";
import type { AnswerSource, Freshness } from "./views.ts";

/**
 * How fresh an answer is that is given now, what it was made from, and how long that took.
 *
 * @param began `performance.now()` when it was asked for
 */
export function freshnessOf(
  { feed }: Pick<Services, "feed">,
  began: number,
  other?: AnswerSource,
): Freshness {
  const freshness = feed.freshness();
  const readModel: AnswerSource = {
    source: "the read model",
    tookMs: Math.round(performance.now() - began),
    completeTo: freshness.completeTo,
  };
  return { ...freshness, sources: other === undefined ? [readModel] : [readModel, other] };
}
