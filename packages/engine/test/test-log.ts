import {
  type Backlog,
  type Consumer,
  type ConsumerOptions,
  LogError,
  type MessageLog,
  type OutgoingMessage,
  type Position,
  type Producer,
  type ProducerOptions,
  position,
  type Reader,
  type ReaderOptions,
  type ReceivedMessage,
  type TopicStats,
} from "@downbeat/message-log";

/** What a test does with a session. */
export interface Session {
  readonly kind: "producer" | "consumer" | "reader";
  readonly topic: string;
  readonly options: Partial<ConsumerOptions & ReaderOptions & ProducerOptions>;
  readonly acknowledged: Position[];
  readonly refused: Position[];
  isOpen: boolean;
  end(reason?: Error): void;
}

/** A log in memory, whose sessions a test ends, and whose answers it holds back or makes errors of. */
export class TestLog implements MessageLog {
  readonly sessions: Session[] = [];
  readonly #messages = new Map<string, ReceivedMessage[]>();
  readonly #deliveries = new Map<Session, () => void>();
  /** What is done before a call is answered, by its name and topic, such as `openReader timers`. */
  readonly before = new Map<string, () => void | Promise<void>>();
  /** What comes back of a topic's messages instead of what was sent. */
  readonly spoils = new Map<string, (payload: Uint8Array) => Uint8Array>();
  /** When the log takes a message, ms since the epoch. */
  now = () => 1_000;
  /** Topics of which nothing is delivered, until they are `unmute`d. */
  readonly #muted = new Set<string>();
  readonly backlogs = new Map<string, Backlog>();
  stats: TopicStats = { subscriptions: [] };
  /** Of the topic, what was before it is gone. */
  readonly beginsAt = new Map<string, Position>();

  /** Puts a message there as somebody else's. */
  put(topic: string, message: OutgoingMessage, at = this.now()): ReceivedMessage {
    const messages = this.messages(topic);
    const { payload, key, properties = {} } = message;
    const taken: ReceivedMessage = {
      position: position(0, messages.length),
      payload,
      ...(key !== undefined && { key }),
      properties,
      publishTime: at,
      redeliveryCount: 0,
      ...(message.deliverAt !== undefined && { deliverAt: message.deliverAt }),
    };
    messages.push(taken);
    for (const deliver of this.#deliveries.values()) deliver();
    return taken;
  }

  messages(topic: string): ReceivedMessage[] {
    const known = this.#messages.get(topic);
    if (known !== undefined) return known;
    const messages: ReceivedMessage[] = [];
    this.#messages.set(topic, messages);
    return messages;
  }

  mute(topic: string): void {
    this.#muted.add(topic);
  }

  unmute(topic: string): void {
    this.#muted.delete(topic);
    for (const deliver of this.#deliveries.values()) deliver();
  }

  open(kind: Session["kind"], topic: string): Session[] {
    return this.sessions.filter((one) => one.kind === kind && one.topic === topic && one.isOpen);
  }

  async openProducer(topic: string, options: ProducerOptions = {}): Promise<Producer> {
    await this.before.get(`openProducer ${topic}`)?.();
    const session = this.#opened("producer", topic, options);
    return {
      send: async (message) => {
        if (!session.isOpen) throw new LogError("closed", "it is closed");
        await this.before.get(`send ${topic}`)?.();
        const payload = this.spoils.get(topic)?.(message.payload) ?? message.payload;
        return this.put(topic, { ...message, payload }).position;
      },
      close: async () => session.end(),
    };
  }

  async openConsumer(topic: string, options: ConsumerOptions): Promise<Consumer> {
    await this.before.get(`openConsumer ${topic}`)?.();
    const done = new Set(
      this.sessions
        .filter((one) => one.topic === topic && one.options.subscription === options.subscription)
        .flatMap(({ acknowledged }) => acknowledged),
    );
    const session = this.#opened("consumer", topic, options);
    // What is delayed is never delivered: a test puts it there again.
    const isWanted = (message: ReceivedMessage) =>
      !done.has(message.position) && !(options.type === "Shared" && "deliverAt" in message);
    this.#deliver(session, isWanted, options.onMessage);
    return {
      acknowledge: (at) => void session.acknowledged.push(at),
      negativeAcknowledge: (at) => void session.refused.push(at),
      close: async () => session.end(),
    };
  }

  async openReader(topic: string, options: ReaderOptions): Promise<Reader> {
    await this.before.get(`openReader ${topic}`)?.();
    const { from } = options;
    const session = this.#opened("reader", topic, options);
    const isAfter = ({ position }: ReceivedMessage) =>
      typeof from === "object" ? position > from.after : from === "earliest";
    this.#deliver(session, isAfter, (message) => void options.onMessage(message));
    return { close: async () => session.end() };
  }

  async lastPosition(topic: string): Promise<Position | undefined> {
    await this.before.get(`lastPosition ${topic}`)?.();
    return this.messages(topic).at(-1)?.position;
  }

  async positionAt(topic: string): Promise<Position | undefined> {
    return this.beginsAt.get(topic) ?? this.messages(topic)[0]?.position;
  }

  async partitionsOf(): Promise<number> {
    return 1;
  }

  async createPartitionedTopic(): Promise<void> {}

  async topicStats(): Promise<TopicStats> {
    return this.stats;
  }

  async backlogOf(topic: string): Promise<Backlog | undefined> {
    return this.backlogs.get(topic);
  }

  async close(): Promise<void> {}

  #opened(kind: Session["kind"], topic: string, options: Session["options"]): Session {
    const session: Session = {
      kind,
      topic,
      options,
      acknowledged: [],
      refused: [],
      isOpen: true,
      end: (reason) => {
        if (!session.isOpen) return;
        session.isOpen = false;
        this.#deliveries.delete(session);
        options.onClose?.(reason);
      },
    };
    this.sessions.push(session);
    return session;
  }

  /** Each message once, in a later turn than the one that brought it. */
  #deliver(
    session: Session,
    isWanted: (message: ReceivedMessage) => boolean,
    onMessage: (message: ReceivedMessage) => void,
  ): void {
    let next = 0;
    const deliver = () => {
      void Promise.resolve().then(() => {
        if (this.#muted.has(session.topic)) return;
        const first = this.beginsAt.get(session.topic);
        for (let message = this.messages(session.topic)[next]; message; ) {
          next += 1;
          const isThere = first === undefined || message.position >= first;
          if (session.isOpen && isThere && isWanted(message)) onMessage(message);
          message = this.messages(session.topic)[next];
        }
      });
    };
    this.#deliveries.set(session, deliver);
    deliver();
  }
}
