import {
  type MessageLog,
  type Reader,
  type ReconnectOptions,
  reconnectingReader,
} from "@downbeat/message-log";
import { type CalledOffMessage, parseCalledOffMessage, topics } from "@downbeat/protocol";

export interface CallOffsOptions {
  readonly log: MessageLog;
  readonly reconnect: ReconnectOptions;
  readonly onCalledOff: (message: CalledOffMessage) => void;
}

/** Rule 29. Hears which attempts nobody waits for any more. What it misses costs effort and nothing else: their results are refused. */
export class CallOffs {
  readonly #reader: Reader;

  constructor({ log, reconnect, onCalledOff }: CallOffsOptions) {
    this.#reader = reconnectingReader(log, topics.calledOff, {
      ...reconnect,
      from: "latest",
      onMessage: ({ payload }) => {
        const message = parsed(payload);
        if (message !== undefined) onCalledOff(message);
      },
    });
  }

  close(): Promise<void> {
    return this.#reader.close();
  }
}

/** Engines alone write here; what can't be read is of a later one, and is as good as missed. */
function parsed(payload: Uint8Array): CalledOffMessage | undefined {
  try {
    return parseCalledOffMessage(payload);
  } catch {
    return undefined;
  }
}

/** What a handler's `signal` says. */
export function calledOff({ jobType, because }: CalledOffMessage): Error {
  const why = reasons[because] ?? "nobody waits for it any more";
  return new Error(`${jobType} was called off: ${why}.`);
}

const reasons: Readonly<Record<string, string>> = {
  abandoned: "its run has ended without waiting for it",
  cancelled: "the job was cancelled",
  completed: "a person completed the job",
  timedOut: "the attempt's time is up",
};
