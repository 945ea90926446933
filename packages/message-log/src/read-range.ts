import { LogError } from "./log-error.ts";
import type { MessageLog, ReadFrom, ReceivedMessage } from "./message-log.ts";
import { comparePositions, type Position } from "./position.ts";

export interface Range {
  readonly from: ReadFrom;
  /** The last message to read. */
  readonly to: Position;
  readonly signal?: AbortSignal | undefined;
}

const silentAfterMs = 30_000;

/**
 * Reads up to the last message of the range, or until `take` says that it has seen enough.
 *
 * Rejects with a `LogError` when the connection is lost or nothing comes for half a minute, and with the signal's reason.
 */
export function readRange(
  log: MessageLog,
  topic: string,
  { from, to, signal }: Range,
  take: (message: ReceivedMessage) => boolean,
): Promise<void> {
  return new Promise((resolve, reject) => {
    let isOver = false;
    let timer: NodeJS.Timeout | undefined;
    const end = (error?: unknown): void => {
      if (isOver) return;
      isOver = true;
      clearTimeout(timer);
      signal?.removeEventListener("abort", abort);
      // Opened later than it ended: closed then.
      void reader.then((opened) => opened.close()).catch(() => {});
      if (error === undefined) resolve();
      else reject(error);
    };
    const abort = (): void => end(signal?.reason);
    const wait = (): void => {
      clearTimeout(timer);
      timer = setTimeout(
        () =>
          end(new LogError("unavailable", `Reading ${topic}: the log has sent nothing for half a minute.`)),
        silentAfterMs,
      );
    };
    const reader = log.openReader(topic, {
      from,
      onMessage: (message) => {
        if (isOver) return;
        wait();
        try {
          if (take(message) || comparePositions(message.position, to) >= 0) end();
        } catch (error) {
          end(error);
        }
      },
      onClose: (reason) => end(reason ?? new LogError("closed", "The connection to the log was closed.")),
    });
    reader.catch(end);
    wait();
    if (signal?.aborted === true) abort();
    else signal?.addEventListener("abort", abort);
  });
}
