import type { MessageLog, Reader, ReaderOptions, ReadFrom, ReceivedMessage, Topic } from "./message-log.ts";
import type { Position } from "./position.ts";
import { type ReconnectOptions, Reconnector } from "./reconnector.ts";

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
    },
): Reader {
  let from: ReadFrom = options.from;
  let closed = false;
  const handling = new Set<Promise<void>>();

  const onMessage = (message: ReceivedMessage): void | Promise<void> => {
    if (closed) return;
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
        options.onClose?.(reason);
      },
    },
    options,
  );
  reconnector.start();
  return { close: () => reconnector.close() };
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
