import { systemClock } from "./clock.ts";
import { LogError } from "./log-error.ts";
import type { Consumer, ConsumerOptions, MessageLog, Topic } from "./message-log.ts";
import type { Position } from "./position.ts";
import { type ReconnectOptions, Reconnector } from "./reconnector.ts";
import { StallWatch } from "./stall-watch.ts";

/**
 * A consumer that comes back when its connection is lost. What was delivered and not acknowledged by then is delivered
 * again, so handlers see messages twice at times; an acknowledgement without a connection is forgotten.
 *
 * One with a name asks, when nothing comes for a minute, whether the log still counts it among the consumers of the subscription, and connects again when
 * it doesn't.
 *
 * `onClose` is called once, when `close()` was called or trying again cannot help.
 */
export function reconnectingConsumer(
  log: MessageLog,
  topic: Topic,
  options: ConsumerOptions & ReconnectOptions,
): Consumer {
  const { clock = systemClock, consumerName, onMessage, subscription } = options;
  let watch: StallWatch | undefined;
  const reconnector: Reconnector<Consumer> = new Reconnector(
    (session) =>
      log.openConsumer(topic, {
        ...options,
        ...session,
        onMessage: (message) => {
          watch?.heard();
          onMessage(message);
        },
      }),
    {
      onSession: () => watch?.heard(),
      onLost: () => {},
      onClose: (reason) => {
        watch?.close();
        options.onClose?.(reason);
      },
    },
    options,
  );
  if (consumerName !== undefined) {
    watch = new StallWatch({
      clock,
      afterMs: silentMs,
      isStalled: async () => {
        if (reconnector.session === undefined) return false;
        const { subscriptions } = await log.topicStats(topic);
        const known = subscriptions.find(({ name }) => name === subscription);
        return reconnector.session !== undefined && known?.consumers.includes(consumerName) !== true;
      },
      onStalled: (ms) => {
        const why = `Nothing came of ${topic} for ${Math.round(ms / 1_000)} s, and the log doesn't know this consumer any more.`;
        void reconnector.renew(new LogError("unavailable", why));
      },
    });
  }
  reconnector.start();
  return {
    acknowledge: (position: Position) => reconnector.session?.acknowledge(position),
    negativeAcknowledge: (position: Position) => reconnector.session?.negativeAcknowledge(position),
    close: () => reconnector.close(),
  };
}

const silentMs = 60_000;
