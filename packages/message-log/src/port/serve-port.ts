import type { MessagePort } from "node:worker_threads";
import { LogError } from "../log-error.ts";
import type { Consumer, MessageLog, Producer, Reader, ReceivedMessage } from "../message-log.ts";
import { type Asked, sentError, type Told } from "./frames.ts";
import { Mailbox } from "./mailbox.ts";

/** Lets another thread use the log, through the other end of the port: see `logOverPort`. When that end closes, so do the sessions. */
export function servePort(log: MessageLog, port: MessagePort): void {
  const server = new PortServer(log);
  const mailbox = new Mailbox<Told, Asked>(
    port,
    (frame) => server.take(frame),
    () => void log.close(),
  );
  server.say = (frame) => mailbox.say(frame);
}

class PortServer {
  readonly #log: MessageLog;
  readonly #producers = new Map<number, Producer>();
  readonly #consumers = new Map<number, Consumer>();
  readonly #readers = new Map<number, Reader>();
  /** What readers have not taken yet, oldest first. */
  readonly #untaken = new Map<number, (() => void)[]>();
  say: (frame: Told) => void = () => {};

  constructor(log: MessageLog) {
    this.#log = log;
  }

  take(frame: Asked): void {
    switch (frame.type) {
      case "call":
        return this.#answer(frame.id, this.#call(frame));
      case "open":
        return this.#answer(frame.id, this.#open(frame));
      case "send": {
        const producer = this.#producers.get(frame.session);
        return this.#answer(frame.id, producer?.send(frame.message) ?? closed());
      }
      case "acknowledge": {
        const consumer = this.#consumers.get(frame.session);
        if (frame.is) consumer?.acknowledge(frame.position);
        else consumer?.negativeAcknowledge(frame.position);
        return;
      }
      case "took":
        return this.#untaken.get(frame.session)?.shift()?.();
      case "close":
        return this.#answer(frame.id, this.#close(frame.session));
    }
  }

  #answer(id: number, answer: Promise<unknown>): void {
    answer.then(
      (value) => this.say({ type: "done", id, value }),
      (error: unknown) => this.say({ type: "failed", id, error: sentError(error) }),
    );
  }

  #call({ method, args }: Extract<Asked, { type: "call" }>): Promise<unknown> {
    // The other end is `logOverPort`, which took them by the types of the method.
    const call = this.#log[method] as (...args: readonly unknown[]) => Promise<unknown>;
    return call.apply(this.#log, [...args]);
  }

  async #open({ session, topic, opening }: Extract<Asked, { type: "open" }>): Promise<void> {
    const onClose = (reason?: Error) => {
      this.#forget(session);
      this.say({ type: "ended", session, ...(reason !== undefined && { error: sentError(reason) }) });
    };
    const say = (message: ReceivedMessage) => this.say({ type: "message", session, message });
    if (opening.kind === "producer") {
      this.#producers.set(session, await this.#log.openProducer(topic, { ...opening.options, onClose }));
    } else if (opening.kind === "consumer") {
      const options = { ...opening.options, onClose, onMessage: say };
      this.#consumers.set(session, await this.#log.openConsumer(topic, options));
    } else {
      const untaken: (() => void)[] = [];
      this.#untaken.set(session, untaken);
      const onMessage = (message: ReceivedMessage) => {
        say(message);
        return new Promise<void>((resolve) => untaken.push(resolve));
      };
      const options = { ...opening.options, onClose, onMessage };
      this.#readers.set(session, await this.#log.openReader(topic, options));
    }
  }

  async #close(session: number): Promise<void> {
    const open = this.#producers.get(session) ?? this.#consumers.get(session) ?? this.#readers.get(session);
    await open?.close();
  }

  #forget(session: number): void {
    this.#producers.delete(session);
    this.#consumers.delete(session);
    this.#readers.delete(session);
    this.#untaken.delete(session);
  }
}

function closed(): Promise<never> {
  return Promise.reject(new LogError("closed", "The producer is closed."));
}
