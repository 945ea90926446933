import type { Schedule } from "../src/simulation/schedule.ts";
import type { SimulatedDecider } from "../src/simulation/simulated-decider.ts";

/** Builds of which workers are there, as far as is known: that may be old, or nothing yet. */
export function buildsThere(
  { world: { random }, inTrouble }: Schedule,
  deciders: readonly SimulatedDecider[],
): string[] | undefined {
  if (inTrouble && random.chance(0.1)) return undefined;
  const isListed = ({ isThere }: SimulatedDecider) => isThere || random.chance(0.5);
  return [...new Set(deciders.filter(isListed).flatMap(({ build }) => build ?? []))];
}
