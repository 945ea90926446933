/** A session is not renewed sooner than this after it began, ms, unless its token has ended. */
const shortestMs = 30_000;

export interface LifeOptions {
  readonly now: number;
  /** When the session's token ends, ms since the epoch. */
  readonly expiresAt: number | undefined;
  readonly maxAgeMs: number | undefined;
  readonly random: () => number;
}

/**
 * How long a session may last, ms; `undefined` for as long as it holds. A broker looks at a token only when a session begins, so a session would outlive
 * it. The last fifth of the time is spread, so that sessions that began together are not renewed together.
 */
export function sessionLife({ now, expiresAt, maxAgeMs, random }: LifeOptions): number | undefined {
  const left = expiresAt === undefined ? Number.POSITIVE_INFINITY : Math.max(0, expiresAt - now);
  const spread = Math.min(left, maxAgeMs ?? Number.POSITIVE_INFINITY) * (0.8 + random() * 0.15);
  if (!Number.isFinite(spread)) return undefined;
  const shortest = Math.min(shortestMs, maxAgeMs ?? shortestMs);
  return Math.round(Math.min(left, Math.max(spread, shortest)));
}
