/** Between the clock of who sends and the broker's. */
const clockSkewMs = 60_000;

/**
 * Whether whoever reads the inbox is done with a message whose receipt came at `receiptAt` (ms since the epoch, by the sender's clock): nothing is left
 * unacknowledged, or only what the log took a good while later. `false` also means that it can't be told.
 *
 * @param backlog what the engine's subscription holds; `undefined` when there is no such subscription, or nobody says
 */
export function isReadPast(
  backlog: { readonly messages: number; readonly oldest?: number } | undefined,
  receiptAt: number,
): boolean {
  if (backlog === undefined) return false;
  if (backlog.messages === 0) return true;
  return backlog.oldest !== undefined && backlog.oldest > receiptAt + clockSkewMs;
}
