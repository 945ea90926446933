import { rm } from "node:fs/promises";
import type { MessageLog, ReceivedMessage, SubscriptionType } from "@downbeat/message-log";
import { ManualClock, settled } from "@downbeat/message-log/testing";
import fc from "fast-check";
import { expect, test } from "vitest";
import type { ConsumerSession } from "../src/consumer-session.ts";
import { type EmbeddedLog, type EmbeddedLogOptions, openEmbeddedLog } from "../src/index.ts";
import { temporaryFile } from "./temporary-file.ts";

/*
 * A subscription against a model of it. The model knows of each message whether it is acknowledged, how often it was
 * delivered and who has it, and looks at every delivery; at the end everything that is left must come.
 */

type Step =
  | { readonly do: "send"; readonly count: number; readonly delayMs: number }
  | { readonly do: "open"; readonly queueSize: number; readonly name: string }
  | { readonly do: "close" | "acknowledge" | "negative"; readonly which: number }
  | { readonly do: "advance"; readonly ms: number }
  | { readonly do: "restart" };

const nackDelayMs = 500;

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant("send" as const),
      count: fc.integer({ min: 1, max: 5 }),
      delayMs: fc.constantFrom(0, 0, 0, 300, 900),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant("open" as const),
      queueSize: fc.integer({ min: 1, max: 4 }),
      name: fc.constantFrom("a", "b", "c"),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("close" as const), which: fc.nat(100) }) },
  { weight: 8, arbitrary: fc.record({ do: fc.constant("acknowledge" as const), which: fc.nat(100) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant("negative" as const), which: fc.nat(100) }) },
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constant("advance" as const), ms: fc.constantFrom(100, 400, 1_000) }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("restart" as const) }) },
);

interface Known {
  readonly number: number;
  readonly deliverAt: number;
  acknowledged: boolean;
  /** In this life of the log. */
  deliveries: number;
  holder: Holder | undefined;
  notBefore: number;
}

interface Holder {
  readonly name: string;
  readonly queueSize: number;
  session: ConsumerSession | undefined;
  readonly held: Map<number, ReceivedMessage>;
  /** Highest message it was given that nobody had before. */
  newest: number;
}

class World {
  readonly clock = new ManualClock();
  readonly messages: Known[] = [];
  holders: Holder[] = [];
  readonly #type: SubscriptionType;
  readonly #file: string;
  readonly #options: Pick<EmbeddedLogOptions, "memoryBudgetBytes" | "retention">;
  /** Negatively acknowledged, by whom. */
  readonly #waiting = new Map<number, Holder>();
  #log: EmbeddedLog | undefined;
  #names = 0;
  #failure: unknown;

  constructor(
    type: SubscriptionType,
    file: string,
    options: Pick<EmbeddedLogOptions, "memoryBudgetBytes" | "retention">,
  ) {
    this.#type = type;
    this.#file = file;
    this.#options = options;
  }

  async start(): Promise<void> {
    this.#log = await openEmbeddedLog({
      file: this.#file,
      storage: "inline",
      clock: this.clock,
      ...this.#options,
    });
  }

  async stop(): Promise<void> {
    await this.#log?.close();
    for (const message of this.messages) {
      message.holder = undefined;
      message.deliveries = 0;
      message.notBefore = 0;
    }
    this.#waiting.clear();
    this.holders = [];
  }

  get handle(): MessageLog {
    return this.#log?.connect({ deliver: "beforeCommit" }) ?? expect.fail("the log is open");
  }

  async take(one: Step): Promise<void> {
    switch (one.do) {
      case "send":
        await this.#send(one.count, one.delayMs);
        break;
      case "open":
        await this.open(one.queueSize, one.name);
        break;
      case "close":
        await this.#close(one.which);
        break;
      case "acknowledge":
      case "negative":
        this.#answer(one.do, one.which);
        break;
      case "advance":
        await this.clock.advance(one.ms);
        break;
      case "restart":
        await this.stop();
        await this.start();
        break;
    }
    await settled();
    await this.check();
  }

  async #send(count: number, delayMs: number): Promise<void> {
    const producer = await this.handle.openProducer("t-partition-0");
    const sends: Promise<unknown>[] = [];
    for (let i = 0; i < count; i++) {
      const deliverAt = delayMs === 0 ? 0 : this.clock.now() + delayMs;
      const number = this.messages.length;
      this.messages.push({
        number,
        deliverAt,
        acknowledged: false,
        deliveries: 0,
        holder: undefined,
        notBefore: 0,
      });
      const message = { payload: Buffer.from(String(number)) };
      sends.push(producer.send(delayMs === 0 ? message : { ...message, deliverAt }));
    }
    await Promise.all(sends);
    await producer.close();
  }

  async open(queueSize: number, prefix: string): Promise<void> {
    if (this.#type === "Exclusive" && this.holders.length > 0) return;
    const name = `${prefix}${String(this.#names++).padStart(4, "0")}`;
    const holder: Holder = { name, queueSize, session: undefined, held: new Map(), newest: -1 };
    const before = this.holders[0];
    this.holders.push(holder);
    if (this.#type !== "Shared") this.holders.sort((a, b) => (a.name < b.name ? -1 : 1));
    // Whoever comes first by name takes over at once, with everything.
    if (this.#type !== "Shared" && before !== undefined && this.holders[0] !== before)
      this.#givesBack(before);
    holder.session = await this.#log?.handle({ deliver: "beforeCommit" }).openConsumer("t-partition-0", {
      subscription: "sub",
      type: this.#type,
      consumerName: name,
      queueSize,
      negativeAckDelayMs: nackDelayMs,
      onMessage: (message) => {
        try {
          this.#delivered(holder, message);
        } catch (error) {
          // The log would take it for a failing handler.
          this.#failure ??= error;
        }
      },
    });
  }

  #delivered(holder: Holder, message: ReceivedMessage): void {
    const number = Number(Buffer.from(message.payload).toString());
    const known = this.messages[number] ?? expect.fail(`message ${number} was sent`);
    const now = this.clock.now();
    expect(known.acknowledged, `${number} is not acknowledged`).toBe(false);
    expect(known.holder?.name, `${number} is with nobody else`).toBeUndefined();
    expect(message.redeliveryCount, `deliveries of ${number} before`).toBe(known.deliveries);
    expect(now, `${number} is not early`).toBeGreaterThanOrEqual(known.notBefore);
    if (this.#type === "Shared") expect(now, `${number} is due`).toBeGreaterThanOrEqual(known.deliverAt);
    else {
      expect(holder, "only the active one gets messages").toBe(this.holders[0]);
      if (known.deliveries === 0) {
        expect(number, "new messages come in order").toBeGreaterThan(holder.newest);
        holder.newest = number;
        // Unless it waits out a negative acknowledgement, what came before is with someone or done.
        for (const earlier of this.messages.slice(0, number)) {
          expect(
            earlier.acknowledged || earlier.deliveries > 0,
            `${earlier.number} came before ${number}`,
          ).toBe(true);
        }
      }
    }
    known.deliveries += 1;
    known.holder = holder;
    known.notBefore = 0;
    holder.held.set(number, message);
    expect(holder.held.size, "no more than the queue size").toBeLessThanOrEqual(holder.queueSize);
  }

  async #close(which: number): Promise<void> {
    const holder = this.holders[which % Math.max(this.holders.length, 1)];
    if (holder === undefined) return;
    this.holders = this.holders.filter((other) => other !== holder);
    this.#givesBack(holder);
    await holder.session?.close();
  }

  #givesBack(holder: Holder): void {
    for (const number of holder.held.keys()) {
      const known = this.messages[number];
      if (known !== undefined) known.holder = undefined;
    }
    holder.held.clear();
    // The wait after a negative acknowledgement ends with the consumer that made it.
    for (const [number, who] of this.#waiting) {
      const known = this.messages[number];
      if (known !== undefined && who === holder) known.notBefore = 0;
    }
  }

  #answer(how: "acknowledge" | "negative", which: number): void {
    const held = this.holders.flatMap((holder) =>
      [...holder.held].map(([number, message]) => ({ holder, number, message })),
    );
    const one = held[which % Math.max(held.length, 1)];
    const known = one === undefined ? undefined : this.messages[one.number];
    if (one === undefined || known === undefined) return;
    one.holder.held.delete(one.number);
    known.holder = undefined;
    if (how === "acknowledge") {
      known.acknowledged = true;
      one.holder.session?.acknowledge(one.message.position);
    } else {
      known.notBefore = this.clock.now() + nackDelayMs;
      one.holder.session?.negativeAcknowledge(one.message.position);
      this.#waiting.set(one.number, one.holder);
    }
  }

  async check(): Promise<void> {
    if (this.#failure !== undefined) throw this.#failure;
    this.#checkNothingIsStuck();
    const stats = await this.handle.topicStats("t-partition-0");
    const subscription = stats.subscriptions[0];
    if (subscription === undefined) return;
    expect(subscription.backlog, "backlog").toBe(
      this.messages.filter((message) => !message.acknowledged).length,
    );
  }

  /** While someone has room, every message is with someone, waits for its time, or is done. */
  #checkNothingIsStuck(): void {
    const takers = this.#type === "Shared" ? this.holders : this.holders.slice(0, 1);
    if (!takers.some((holder) => holder.held.size < holder.queueSize)) return;
    for (const { number, acknowledged, holder, notBefore, deliverAt } of this.messages) {
      const due = Math.max(notBefore, this.#type === "Shared" ? deliverAt : 0);
      const fine = acknowledged || holder !== undefined || due > this.clock.now();
      expect(fine, `${number} is stuck`).toBe(true);
    }
  }

  /** A consumer that takes everything: what is not acknowledged must come, all of it. */
  async drain(): Promise<void> {
    for (const holder of [...this.holders]) await this.#close(this.holders.indexOf(holder));
    await this.clock.advance(10_000);
    await this.open(1_000, "z");
    for (let i = 0; i < 5; i++) {
      await settled();
      await this.clock.advance(1_000);
    }
    await this.check();
    const left = this.messages.filter((message) => !message.acknowledged).map((message) => message.number);
    const held = [...(this.holders[0]?.held.keys() ?? [])];
    expect(held.toSorted((a, b) => a - b)).toEqual(left);
    if (this.#type !== "Shared") expect(held).toEqual(left);
  }
}

for (const type of ["Shared", "Failover", "Exclusive"] as const) {
  test(`a ${type} subscription behaves as its model`, { timeout: 120_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { minLength: 5, maxLength: 40 }),
        fc.constantFrom(1, 700, 1_000_000),
        fc.constantFrom("unlimited" as const, "untilAcknowledged" as const),
        async (steps, memoryBudgetBytes, retention) => {
          const { file, directory } = await temporaryFile();
          const world = new World(type, file, { memoryBudgetBytes, retention: { "": retention } });
          await world.start();
          try {
            await world.open(2, "b");
            for (const one of steps) await world.take(one);
            await world.drain();
          } finally {
            await world.stop();
            await rm(directory, { recursive: true });
          }
        },
      ),
      { numRuns: 60 },
    );
  });
}
