import { durationWords } from "@downbeat/domain";

export { durationWords as formatDuration } from "@downbeat/domain";

/** For a duration that still grows: whole seconds, so that it ticks instead of flickering. */
export function formatRunningDuration(ms: number): string {
  const whole = Math.floor(Math.max(0, ms) / 1_000);
  return whole < 60 ? `${whole} s` : durationWords(whole * 1_000);
}
