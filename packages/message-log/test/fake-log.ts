import { LogError } from "../src/log-error.ts";
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
  TopicStats,
} from "../src/message-log.ts";
import { type Position, parsePosition, position } from "../src/position.ts";

/** One topic in memory, whose connections a test cuts and whose receipts it withholds. */
export class FakeLog implements MessageLog {
  readonly messages: ReceivedMessage[] = [];
  readonly acknowledged: Position[] = [];
  /** Opened so far, refused ones included. */
  openings = 0;
  refuse: LogError | undefined;
  withholdReceipts = false;
  refuseMessage: (message: OutgoingMessage) => LogError | undefined = () => undefined;
  /** Names and first numbers that producers were opened with. */
  readonly producers: Pick<ProducerOptions, "producerName" | "initialSequenceId">[] = [];
  #numbers = new Map<string, number>();
  #sessions: ((reason?: Error, receipts?: "never" | "later") => void)[] = [];
  #withheld: (() => void)[] = [];
  #readers: { deliver(): void }[] = [];
  #consumers: string[] = [];

  /** Every session stays open, and nothing comes through it any more. */
  stall(): void {
    this.#readers = [];
    this.#consumers = [];
  }

  /** Every session ends, as when the connection breaks. */
  cut(): void {
    for (const end of this.#sessions.splice(0)) end(new LogError("unavailable", "cut"));
  }

  /** Every session ends, and producers get the receipts that are due all the same. */
  retire(): void {
    for (const end of this.#sessions.splice(0)) end(new LogError("unavailable", "retired"), "later");
  }

  releaseReceipts(): void {
    for (const release of this.#withheld.splice(0)) release();
  }

  store(message: OutgoingMessage): Position {
    const at = position(1, this.messages.length);
    this.messages.push({
      position: at,
      payload: message.payload,
      properties: message.properties ?? {},
      publishTime: 0,
      redeliveryCount: 0,
    });
    for (const reader of this.#readers) reader.deliver();
    return at;
  }

  async openProducer(_topic: string, options: ProducerOptions = {}): Promise<Producer> {
    const session = this.#session(options.onClose);
    const { producerName, initialSequenceId } = options;
    if (producerName !== undefined && initialSequenceId !== undefined)
      this.producers.push({ producerName, initialSequenceId });
    let number = initialSequenceId;
    const rejects = new Set<(error: Error) => void>();
    session.onEnd = (reason) => {
      for (const reject of rejects) reject(reason ?? new LogError("closed", "closed"));
    };
    return {
      send: (message) => {
        const refused = this.refuseMessage(message);
        if (refused !== undefined) return Promise.reject(refused);
        if (number !== undefined) number += 1;
        const at = this.#isKnown(producerName, number) ? undefined : this.store(message);
        if (!this.withholdReceipts) return Promise.resolve(at);
        return new Promise((resolve, reject) => {
          rejects.add(reject);
          this.#withheld.push(() => {
            rejects.delete(reject);
            resolve(at);
          });
        });
      },
      close: async () => session.end(),
    };
  }

  async openConsumer(_topic: string, options: ConsumerOptions): Promise<Consumer> {
    const session = this.#session(options.onClose);
    for (const message of this.messages) {
      if (!this.acknowledged.includes(message.position))
        setImmediate(() => session.open && options.onMessage(message));
    }
    this.#consumers.push(options.consumerName ?? "");
    return {
      acknowledge: (at) => {
        this.acknowledged.push(at);
      },
      negativeAcknowledge: () => {},
      close: async () => session.end(),
    };
  }

  async openReader(_topic: string, options: ReaderOptions): Promise<Reader> {
    const session = this.#session(options.onClose);
    let next = this.#start(options);
    const reader = {
      deliver: () => {
        for (; session.open && next < this.messages.length; ) {
          const message = this.messages[next++];
          if (message !== undefined) void options.onMessage(message);
        }
      },
    };
    this.#readers.push(reader);
    session.onEnd = () => {
      this.#readers = this.#readers.filter((other) => other !== reader);
    };
    setImmediate(() => reader.deliver());
    return { close: async () => session.end() };
  }

  async lastPosition(): Promise<Position | undefined> {
    if (this.refuse !== undefined) throw this.refuse;
    return this.messages.at(-1)?.position;
  }

  async positionAt(_topic: string, timeMs: number): Promise<Position | undefined> {
    return this.messages.find((message) => message.publishTime >= timeMs)?.position;
  }

  async partitionsOf(): Promise<number> {
    return 0;
  }

  async createPartitionedTopic(): Promise<void> {}

  async topicStats(): Promise<TopicStats> {
    const consumers = [...this.#consumers];
    return { subscriptions: [{ name: "s", type: "Shared", backlog: 0, delayed: 0, consumers }] };
  }

  async backlogOf(): Promise<undefined> {
    return undefined;
  }

  async close(): Promise<void> {}

  #isKnown(producerName = "", number?: number): boolean {
    if (number === undefined) return false;
    if (number <= (this.#numbers.get(producerName) ?? 0)) return true;
    this.#numbers.set(producerName, number);
    return false;
  }

  #start({ from }: ReaderOptions): number {
    if (from === "earliest") return 0;
    return from === "latest" ? this.messages.length : parsePosition(from.after).entry + 1;
  }

  #session(onClose: ((reason?: Error) => void) | undefined) {
    this.openings += 1;
    if (this.refuse !== undefined) throw this.refuse;
    const session = {
      open: true,
      onEnd: (_reason?: Error): void => {},
      end: (reason?: Error, receipts: "never" | "later" = "never"): void => {
        if (!session.open) return;
        session.open = false;
        if (receipts === "never") session.onEnd(reason);
        onClose?.(reason);
      },
    };
    this.#sessions.push(session.end);
    return session;
  }
}
