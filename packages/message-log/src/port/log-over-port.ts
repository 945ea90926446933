import type { MessagePort } from "node:worker_threads";
import { LogError } from "../log-error.ts";
import type {
  Consumer,
  ConsumerOptions,
  MessageLog,
  OutgoingMessage,
  Producer,
  ProducerOptions,
  Reader,
  ReaderOptions,
  ReceivedMessage,
} from "../message-log.ts";
import type { Position } from "../position.ts";
import { type Asked, errorOf, type Method, type Opening, type Told } from "./frames.ts";
import { Mailbox } from "./mailbox.ts";

interface Waiting {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
}

interface Session {
  readonly onMessage: (message: ReceivedMessage) => void;
  readonly onClose: ((reason?: Error) => void) | undefined;
  /** Came before whoever opened it knew that it is open. */
  early: ReceivedMessage[] | undefined;
  /** Nothing is handed over any more. */
  isClosing: boolean;
}

/** A log that another thread of this process keeps: see `servePort`. It does all that the log there does, and nothing of it here. */
export function logOverPort(port: MessagePort): MessageLog {
  return new LogOverPort(port);
}

class LogOverPort implements MessageLog {
  readonly #mailbox: Mailbox<Asked, Told>;
  readonly #waiting = new Map<number, Waiting>();
  readonly #sessions = new Map<number, Session>();
  #numbers = 0;
  #isClosed = false;

  constructor(port: MessagePort) {
    this.#mailbox = new Mailbox<Asked, Told>(
      port,
      (frame) => this.#take(frame),
      () => this.#end(),
    );
  }

  async openProducer(topic: string, { onClose, ...given }: ProducerOptions = {}): Promise<Producer> {
    const options = only(given, "producerName", "initialSequenceId");
    const session = await this.#open(topic, { kind: "producer", options }, { onClose, onMessage: () => {} });
    return {
      send: (message) => this.#send(session, message),
      close: () => this.#close(session),
    };
  }

  async openConsumer(topic: string, { onClose, onMessage, ...given }: ConsumerOptions): Promise<Consumer> {
    const options = {
      ...only(given, "consumerName", "initialPosition", "queueSize", "prefetch"),
      ...only(given, "subscription", "type", "negativeAckDelayMs", "ackTimeoutMs"),
    };
    const session = await this.#open(topic, { kind: "consumer", options }, { onClose, onMessage });
    const acknowledge = (is: boolean) => (position: Position) =>
      this.#say({ type: "acknowledge", session, position, is });
    return {
      acknowledge: acknowledge(true),
      negativeAcknowledge: acknowledge(false),
      close: () => this.#close(session),
    };
  }

  async openReader(topic: string, { onClose, onMessage, ...given }: ReaderOptions): Promise<Reader> {
    const options = only(given, "from", "queueSize");
    const number = this.#numbers + 1;
    const took = () => this.#say({ type: "took", session: number });
    const session = await this.#open(
      topic,
      { kind: "reader", options },
      {
        onClose,
        onMessage: (message) => {
          const taken = onMessage(message);
          if (taken === undefined) took();
          else void taken.then(took);
        },
      },
    );
    return { close: () => this.#close(session) };
  }

  lastPosition(...args: Parameters<MessageLog["lastPosition"]>): ReturnType<MessageLog["lastPosition"]> {
    return this.#call("lastPosition", args);
  }

  positionAt(...args: Parameters<MessageLog["positionAt"]>): ReturnType<MessageLog["positionAt"]> {
    return this.#call("positionAt", args);
  }

  partitionsOf(...args: Parameters<MessageLog["partitionsOf"]>): ReturnType<MessageLog["partitionsOf"]> {
    return this.#call("partitionsOf", args);
  }

  createPartitionedTopic(
    ...args: Parameters<MessageLog["createPartitionedTopic"]>
  ): ReturnType<MessageLog["createPartitionedTopic"]> {
    return this.#call("createPartitionedTopic", args);
  }

  topicStats(...args: Parameters<MessageLog["topicStats"]>): ReturnType<MessageLog["topicStats"]> {
    return this.#call("topicStats", args);
  }

  backlogOf(...args: Parameters<MessageLog["backlogOf"]>): ReturnType<MessageLog["backlogOf"]> {
    return this.#call("backlogOf", args);
  }

  async close(): Promise<void> {
    if (this.#isClosed) return;
    await Promise.allSettled(Array.from(this.#sessions.keys(), (session) => this.#close(session)));
    this.#isClosed = true;
    this.#mailbox.close();
  }

  async #open(
    topic: string,
    opening: Opening,
    given: Pick<Session, "onMessage" | "onClose">,
  ): Promise<number> {
    this.#numbers += 1;
    const session = this.#numbers;
    const opened: Session = { ...given, early: [], isClosing: false };
    this.#sessions.set(session, opened);
    try {
      await this.#ask((id) => ({ type: "open", id, session, topic, opening }));
    } catch (error) {
      this.#sessions.delete(session);
      throw error;
    }
    // Whoever waits for it goes on first.
    setImmediate(() => {
      const early = opened.early ?? [];
      opened.early = undefined;
      for (const message of early) this.#hand(session, message);
    });
    return session;
  }

  #send(session: number, message: OutgoingMessage): Promise<Position | undefined> {
    if (!this.#sessions.has(session))
      return Promise.reject(new LogError("closed", "The producer is closed."));
    return this.#ask((id) => ({ type: "send", id, session, message })) as Promise<Position | undefined>;
  }

  async #close(session: number): Promise<void> {
    const open = this.#sessions.get(session);
    if (open === undefined) return;
    open.isClosing = true;
    await this.#ask((id) => ({ type: "close", id, session }));
  }

  /** The other end answers with what the method of its log does. */
  #call<M extends Method>(method: M, args: readonly unknown[]): ReturnType<MessageLog[M]> {
    return this.#ask((id) => ({ type: "call", id, method, args })) as ReturnType<MessageLog[M]>;
  }

  #ask(asked: (id: number) => Asked): Promise<unknown> {
    if (this.#isClosed) return Promise.reject(new LogError("closed", "The log is closed."));
    this.#numbers += 1;
    const id = this.#numbers;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#mailbox.say(asked(id));
    });
  }

  #say(frame: Asked): void {
    if (!this.#isClosed) this.#mailbox.say(frame);
  }

  #take(frame: Told): void {
    switch (frame.type) {
      case "done":
      case "failed": {
        const waiting = this.#waiting.get(frame.id);
        this.#waiting.delete(frame.id);
        if (frame.type === "done") waiting?.resolve(frame.value);
        else waiting?.reject(errorOf(frame.error));
        return;
      }
      case "message": {
        const session = this.#sessions.get(frame.session);
        if (session?.early !== undefined) session.early.push(frame.message);
        else this.#hand(frame.session, frame.message);
        return;
      }
      case "ended": {
        const session = this.#sessions.get(frame.session);
        this.#sessions.delete(frame.session);
        session?.onClose?.(frame.error === undefined ? undefined : errorOf(frame.error));
      }
    }
  }

  #hand(number: number, message: ReceivedMessage): void {
    const session = this.#sessions.get(number);
    if (session !== undefined && !session.isClosing) session.onMessage(message);
  }

  /** The other thread is gone. */
  #end(): void {
    const byUs = this.#isClosed;
    this.#isClosed = true;
    const reason = new LogError("unavailable", "The thread that keeps the log has ended.");
    for (const { reject } of this.#waiting.values()) reject(reason);
    this.#waiting.clear();
    const sessions = [...this.#sessions.values()];
    this.#sessions.clear();
    for (const { onClose } of sessions) onClose?.(byUs ? undefined : reason);
  }
}

/** Callers may give more than is asked for, and not everything can go to another thread. */
function only<Given extends object, Key extends keyof Given>(
  given: Given,
  ...keys: readonly Key[]
): Pick<Given, Key> {
  return Object.fromEntries(keys.filter((key) => key in given).map((key) => [key, given[key]])) as Pick<
    Given,
    Key
  >;
}
