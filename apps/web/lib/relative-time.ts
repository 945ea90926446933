const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

/** `just now`, `8 s ago`, `3 min ago`, `in 2 h`; further than a week away the caller shows the date. */
export function formatRelative(at: number, now: number): string {
  const distance = Math.abs(now - at);
  if (!Number.isFinite(distance)) return "at an impossible time";
  const amount = formatDistance(distance);
  if (amount === undefined) return "just now";
  return at <= now ? `${amount} ago` : `in ${amount}`;
}

/** Until when a relative time says more than a date. */
export const relativeLimitMs = 7 * day;

function formatDistance(ms: number): string | undefined {
  if (ms < 1_500) return undefined;
  if (ms < minute) return `${Math.floor(ms / 1_000)} s`;
  if (ms < hour) return `${Math.floor(ms / minute)} min`;
  if (ms < day) return `${Math.floor(ms / hour)} h`;
  return `${Math.floor(ms / day)} d`;
}
