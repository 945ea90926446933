/**
 * Times go by the server's clock: with a browser's that is an hour off, "the last 15 minutes" would be another quarter of an hour.
 * The difference is learnt from what the server says; smaller ones than its answers take on their way are noise.
 */
let aheadMs = 0;
let isTold = false;
const noiseMs = 2_000;

export function serverNow(): number {
  return Date.now() + aheadMs;
}

/** Of a time that this browser took itself. */
export function onServerClock(at: number): number {
  return at + aheadMs;
}

/** The server's time as it stood on an answer that has just come. */
export function tellServerTime(at: number): void {
  isTold = true;
  const ahead = at - Date.now();
  if (Math.abs(ahead - aheadMs) > noiseMs) aheadMs = Math.abs(ahead) > noiseMs ? ahead : 0;
}

/** As it stood on the page when it was rendered, which may have been a while ago: believed until there is news. */
export function tellRenderedAt(at: number): void {
  if (!isTold) tellServerTime(at);
}
