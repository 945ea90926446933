/**
 * Ids differ at both ends (`booking-` in front, a counter or hash behind), so they are shortened in the middle.
 *
 * @param max longest result, the ellipsis included
 */
export function shortId(id: string, max = 22): string {
  if (id.length <= max) return id;
  const kept = max - 1;
  const tail = Math.floor(kept / 2);
  return `${id.slice(0, kept - tail)}…${id.slice(id.length - tail)}`;
}
