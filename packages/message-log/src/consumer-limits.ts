import { LogError } from "./log-error.ts";
import type { ConsumerOptions } from "./message-log.ts";

export const mostUnacknowledged = 1_000;
const leastAckTimeoutMs = 1_000;

/** Refuses with `LogError("invalid")` what no log takes. */
export function checkConsumerOptions({ queueSize, ackTimeoutMs, negativeAckDelayMs }: ConsumerOptions): void {
  const fits =
    queueSize === undefined ||
    (Number.isInteger(queueSize) && queueSize >= 1 && queueSize <= mostUnacknowledged);
  if (!fits) {
    throw new LogError(
      "invalid",
      `queueSize must be a whole number from 1 to ${mostUnacknowledged}, not ${queueSize}.`,
    );
  }
  if (ackTimeoutMs !== undefined && !(ackTimeoutMs >= leastAckTimeoutMs)) {
    throw new LogError("invalid", `ackTimeoutMs must be at least ${leastAckTimeoutMs}, not ${ackTimeoutMs}.`);
  }
  if (negativeAckDelayMs !== undefined && !(negativeAckDelayMs >= 0)) {
    throw new LogError("invalid", `negativeAckDelayMs must not be negative, not ${negativeAckDelayMs}.`);
  }
}
