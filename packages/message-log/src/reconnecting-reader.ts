import { systemClock } from "./clock.ts";
import { LogError } from "./log-error.ts";
import type { MessageLog, Reader, ReaderOptions, ReadFrom, ReceivedMessage, Topic } from "./message-log.ts";
import { comparePositions, type Position } from "./position.ts";
import { type ReconnectOptions, Reconnector } from "./reconnector.ts";
import { StallWatch } from "./stall-watch.ts";

/**
 * A reader that comes back when its connection is lost and goes on after the last message it handed over: no message is
 * missed, none is handed over twice. It waits for handlers that are still at work before it connects again.
 *
 * `onClose` is called once: when `close()` was called, when trying again cannot help (for instance because the log no
 * longer has the position), or with what the handler threw.
 */
export function reconnectingReader(
  log: MessageLog,
  topic: Topic,
  options: ReaderOptions &
    ReconnectOptions & {
      /** Where `latest` was: the newest message at that time, `undefined` when there was none. */
      readonly onLatest?: (last: Position | undefined) => void;
      /**
       * Whether something may have to come, as far as its user knows. When nothing does for some seconds, the log is asked, and a session that keeps back
       * what the log has is replaced by another. Not given: never.
       */
      readonly expectsMore?: () => boolean;
    },
): Reader {
  let from: ReadFrom = options.from;
  let closed = false;
  let watch: StallWatch | undefined;
  const handling = new Set<Promise<void>>();

  const onMessage = (message: ReceivedMessage): void | Promise<void> => {
    if (closed) return;
    watch?.heard();
    from = { after: message.position };
    try {
      const handled = options.onMessage(message);
      if (handled === undefined) return;
      const settled = handled
        .catch((error: unknown) => void reconnector.close(asError(error)))
        .finally(() => handling.delete(settled));
      handling.add(settled);
      return settled;
    } catch (error) {
      void reconnector.close(asError(error));
    }
  };

  const reconnector: Reconnector<Reader> = new Reconnector(
    async (session) => {
      // What comes while the connection is down belongs to "from now on" too.
      if (from === "latest") {
        const last = await log.lastPosition(topic);
        from = last === undefined ? "earliest" : { after: last };
        options.onLatest?.(last);
      }
      return log.openReader(topic, { ...options, ...session, from, onMessage });
    },
    {
      onSession: () => {},
      onLost: async () => {
        await Promise.all(handling);
      },
      onClose: (reason) => {
        closed = true;
        watch?.close();
        options.onClose?.(reason);
      },
    },
    options,
  );
  reconnector.start();
  const { expectsMore } = options;
  if (expectsMore !== undefined && !closed) {
    watch = new StallWatch({
      clock: options.clock ?? systemClock,
      afterMs: silentMs,
      isStalled: async () => {
        if (reconnector.session === undefined || handling.size > 0 || !expectsMore()) return false;
        const last = await log.lastPosition(topic);
        return last !== undefined && reconnector.session !== undefined && isAfter(last, from);
      },
      onStalled: (ms) => {
        const why = `Nothing came of ${topic} for ${Math.round(ms / 1_000)} s, though the log has more.`;
        void reconnector.renew(new LogError("unavailable", why));
      },
    });
  }
  return { close: () => reconnector.close() };
}

const silentMs = 5_000;

function isAfter(last: Position, from: ReadFrom): boolean {
  if (from === "latest") return false;
  return from === "earliest" || comparePositions(last, from.after) > 0;
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
