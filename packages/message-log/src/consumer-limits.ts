import { LogError } from "./log-error.ts";
import type { ConsumerOptions } from "./message-log.ts";

export const mostUnacknowledged = 1_000;
const leastAckTimeoutMs = 1_000;

/** Refuses with `LogError("invalid")` what no log takes. */
export function checkConsumerOptions({
  queueSize,
  prefetch,
  ackTimeoutMs,
  negativeAckDelayMs,
}: ConsumerOptions): void {
  const fits =
    queueSize === undefined ||
    (Number.isInteger(queueSize) && queueSize >= 1 && queueSize <= mostUnacknowledged);
  if (!fits) {
    throw new LogError(
      "invalid",
      `queueSize must be a whole number from 1 to ${mostUnacknowledged}, not ${queueSize}.`,
    );
  }
  if (prefetch !== undefined && !(Number.isInteger(prefetch) && prefetch >= 1)) {
    throw new LogError("invalid", `prefetch must be a positive whole number, not ${prefetch}.`);
  }
  if (ackTimeoutMs !== undefined && !(ackTimeoutMs >= leastAckTimeoutMs)) {
    throw new LogError("invalid", `ackTimeoutMs must be at least ${leastAckTimeoutMs}, not ${ackTimeoutMs}.`);
  }
  if (negativeAckDelayMs !== undefined && !(negativeAckDelayMs >= 0)) {
    throw new LogError("invalid", `negativeAckDelayMs must not be negative, not ${negativeAckDelayMs}.`);
  }
}
