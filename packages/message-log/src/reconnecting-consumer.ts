import type { Consumer, ConsumerOptions, MessageLog, Topic } from "./message-log.ts";
import type { Position } from "./position.ts";
import { type ReconnectOptions, Reconnector } from "./reconnector.ts";

/**
 * A consumer that comes back when its connection is lost. What was delivered and not acknowledged by then is delivered
 * again, so handlers see messages twice at times; an acknowledgement without a connection is forgotten.
 *
 * `onClose` is called once, when `close()` was called or trying again cannot help.
 */
export function reconnectingConsumer(
  log: MessageLog,
  topic: Topic,
  options: ConsumerOptions & ReconnectOptions,
): Consumer {
  const reconnector: Reconnector<Consumer> = new Reconnector(
    (session) => log.openConsumer(topic, { ...options, ...session }),
    { onSession: () => {}, onLost: () => {}, onClose: (reason) => options.onClose?.(reason) },
    options,
  );
  reconnector.start();
  return {
    acknowledge: (position: Position) => reconnector.session?.acknowledge(position),
    negativeAcknowledge: (position: Position) => reconnector.session?.negativeAcknowledge(position),
    close: () => reconnector.close(),
  };
}
