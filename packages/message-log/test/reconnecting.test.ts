import { describe, expect, test } from "vitest";
import {
  LogError,
  type OutgoingMessage,
  position,
  type ReceivedMessage,
  type ReconnectOptions,
  reconnectingConsumer,
  reconnectingProducer,
  reconnectingReader,
} from "../src/index.ts";
import { ManualClock, settled } from "../src/testing/manual-clock.ts";
import { FakeLog } from "./fake-log.ts";

function setUp(overrides: ReconnectOptions = {}) {
  const log = new FakeLog();
  const clock = new ManualClock();
  const states: string[] = [];
  const options: ReconnectOptions = {
    clock,
    random: () => 1,
    minDelayMs: 100,
    maxDelayMs: 1_000,
    onStateChange: (state) => states.push(state),
    ...overrides,
  };
  return { log, clock, states, options };
}

function text(value: string | number): OutgoingMessage {
  return { payload: new TextEncoder().encode(String(value)) };
}

/** In steps, so that what a timer begins can set the next. */
async function pass(clock: ManualClock, ms: number): Promise<void> {
  for (let passed = 0; passed < ms; passed += 2_500) await clock.advance(2_500);
}

function textOf(message: ReceivedMessage): string {
  return new TextDecoder().decode(message.payload);
}

describe("pauses", () => {
  test("double up to the longest, and are spread between half and whole", async () => {
    const { log, clock, options, states } = setUp();
    log.refuse = new LogError("unavailable", "down");
    reconnectingProducer(log, "t", options);
    await settled();
    const waits: (number | undefined)[] = [];
    for (let i = 0; i < 6; i++) {
      waits.push(clock.waits[0]);
      await clock.advance(clock.waits[0] ?? 0);
    }
    expect(waits).toEqual([100, 200, 400, 800, 1_000, 1_000]);
    // Once before the first try, and once with the reason why that failed.
    expect(states).toEqual(["connecting", "connecting"]);

    const low = setUp({ random: () => 0 });
    low.log.refuse = new LogError("unavailable", "down");
    reconnectingProducer(low.log, "t", low.options);
    await settled();
    expect(low.clock.waits).toEqual([50]);
  });

  test("start over after a connection that lasted, not after one that broke at once", async () => {
    const { log, clock, options } = setUp();
    reconnectingProducer(log, "t", options);
    await settled();
    for (const expected of [100, 200, 400]) {
      log.cut();
      await settled();
      expect(clock.waits).toEqual([expected]);
      await clock.advance(expected);
    }
    await clock.advance(5_000);
    log.cut();
    await settled();
    expect(clock.waits).toEqual([100]);
  });

  test("are ended by close", async () => {
    const { log, clock, options } = setUp();
    log.refuse = new LogError("unavailable", "down");
    const producer = reconnectingProducer(log, "t", options);
    await settled();
    await producer.close();
    expect(clock.waits).toEqual([]);
  });
});

describe("a reconnecting session", () => {
  test("tells when it is connecting and connected", async () => {
    const { log, clock, options, states } = setUp();
    reconnectingConsumer(log, "t", { ...options, subscription: "s", type: "Shared", onMessage: () => {} });
    await settled();
    log.cut();
    await settled();
    await clock.advance(100);
    expect(states).toEqual(["connecting", "connected", "connecting", "connected"]);
  });

  test("tells once why it can't be opened, be it the first time or again, and each other reason", async () => {
    const told: [string, string | undefined][] = [];
    const { log, clock, options } = setUp({
      onStateChange: (state, reason) => void told.push([state, reason?.message]),
    });
    const refuse = async (reason: string | undefined) => {
      log.refuse = reason === undefined ? undefined : new LogError("unavailable", reason);
      await clock.advance(1_000);
    };
    log.refuse = new LogError("unavailable", "no such host");
    reconnectingReader(log, "t", { ...options, from: "earliest", onMessage: () => {} });
    await settled();
    for (const reason of ["no such host", "expired", "expired", undefined]) await refuse(reason);
    log.refuse = new LogError("unavailable", "cut");
    log.cut();
    await settled();
    await refuse("cut");
    await refuse(undefined);
    expect(told).toEqual([
      ["connecting", undefined],
      ["connecting", "no such host"],
      ["connecting", "expired"],
      ["connected", undefined],
      ["connecting", "cut"],
      ["connected", undefined],
    ]);
  });

  test("gives up when trying again cannot help, and says so once", async () => {
    const { log, clock, options } = setUp();
    const closings: (Error | undefined)[] = [];
    log.refuse = new LogError("invalid", "no such position");
    const reader = reconnectingReader(log, "t", {
      ...options,
      from: "earliest",
      onMessage: () => {},
      onClose: (reason) => closings.push(reason),
    });
    await settled();
    expect(clock.waits).toEqual([]);
    await reader.close();
    expect(closings).toEqual([log.refuse]);
  });

  test("that is closed while it opens closes what it gets", async () => {
    const { log, options } = setUp();
    const producer = reconnectingProducer(log, "t", options);
    await producer.close();
    await settled();
    log.cut();
    await settled();
    expect(log.openings).toBe(1);
  });
});

describe("a reconnecting producer", () => {
  test("tells when it is connected, or never will be", async () => {
    const { log, clock, options } = setUp();
    log.refuse = new LogError("unavailable", "down");
    const told: string[] = [];
    const producer = reconnectingProducer(log, "t", options);
    void producer.connected().then(() => told.push("connected"));
    await settled();
    expect(told).toEqual([]);
    log.refuse = undefined;
    await clock.advance(100);
    await producer.connected();
    expect(told).toEqual(["connected"]);
    log.refuse = new LogError("invalid", "no such topic");
    log.cut();
    await settled();
    const again = producer.connected();
    await clock.advance(1_000);
    await again;
    await expect(producer.send(text("late"))).rejects.toThrow("closed");
  });

  test("sends what was called before there was a connection, in order", async () => {
    const { log, clock, options } = setUp();
    log.refuse = new LogError("unavailable", "down");
    const producer = reconnectingProducer(log, "t", options);
    const receipts = Promise.all([1, 2, 3].map((one) => producer.send(text(one))));
    await settled();
    log.refuse = undefined;
    await clock.advance(100);
    await receipts;
    expect(log.messages.map(textOf)).toEqual(["1", "2", "3"]);
  });

  test("sends again, in order, what has no receipt; later calls come behind", async () => {
    const { log, clock, options } = setUp();
    const producer = reconnectingProducer(log, "t", options);
    await settled();
    await producer.send(text("receipted"));
    log.withholdReceipts = true;
    const lost = [producer.send(text("a")), producer.send(text("b"))];
    await settled();
    log.cut();
    lost.push(producer.send(text("c")));
    await settled();
    log.withholdReceipts = false;
    await clock.advance(100);
    await Promise.all(lost);
    expect(log.messages.map(textOf)).toEqual(["receipted", "a", "b", "a", "b", "c"]);
    expect(producer.pending).toBe(0);
  });

  test("keeps no more than its bound under way, and tells when there is room", async () => {
    const { log, options } = setUp();
    const producer = reconnectingProducer(log, "t", { ...options, maxInFlight: 2, maxPending: 4 });
    await settled();
    log.withholdReceipts = true;
    const receipts = [1, 2, 3, 4].map((one) => producer.send(text(one)));
    await settled();
    expect(log.messages.length).toBe(2);
    let room = false;
    void producer.room().then(() => {
      room = true;
    });
    await settled();
    expect(room).toBe(false);
    log.releaseReceipts();
    await settled();
    expect(room).toBe(true);
    expect(log.messages.length).toBe(4);
    log.releaseReceipts();
    await Promise.all(receipts);
    expect(log.messages.map(textOf)).toEqual(["1", "2", "3", "4"]);
  });

  test("passes on that a message is too large, and goes on with the others", async () => {
    const { log, options } = setUp();
    log.refuseMessage = (message) =>
      new TextDecoder().decode(message.payload) === "large"
        ? new LogError("tooLarge", "too large")
        : undefined;
    const producer = reconnectingProducer(log, "t", options);
    const [large, small] = [producer.send(text("large")), producer.send(text("small"))];
    await expect(large).rejects.toMatchObject({ code: "tooLarge" });
    await small;
    expect(log.openings).toBe(1);
  });

  test("opens a new session when the log did not take a message for now", async () => {
    const { log, clock, options } = setUp();
    let refusals = 1;
    log.refuseMessage = () => (refusals-- > 0 ? new LogError("unavailable", "queue is full") : undefined);
    const producer = reconnectingProducer(log, "t", options);
    const receipt = producer.send(text("one"));
    await settled();
    await clock.advance(100);
    await receipt;
    expect(log.openings).toBe(2);
  });

  describe("that deduplicates", () => {
    test("is in the log once with each message, however often the connection breaks", async () => {
      const { log, clock, options } = setUp();
      const producer = reconnectingProducer(log, "t", { ...options, deduplicate: true, maxInFlight: 3 });
      await settled();
      await producer.send(text(0));
      log.withholdReceipts = true;
      const sends = [1, 2, 3, 4, 5, 6].map((one) => producer.send(text(one)));
      await settled();
      log.cut();
      await settled();
      await clock.advance(100);
      log.cut();
      await settled();
      log.withholdReceipts = false;
      await clock.advance(200);
      const receipts = await Promise.all(sends);
      expect(log.messages.map(textOf)).toEqual(["0", "1", "2", "3", "4", "5", "6"]);
      expect(receipts.map((receipt) => receipt === undefined)).toEqual([
        true,
        true,
        true,
        false,
        false,
        false,
      ]);
    });

    test("loses nothing where refusals have made the log's numbers uncertain", async () => {
      const { log, clock, options } = setUp();
      const refused = new Set(["2", "large"]);
      log.refuseMessage = (message) => {
        const value = new TextDecoder().decode(message.payload);
        if (!refused.delete(value)) return undefined;
        return new LogError(value === "large" ? "tooLarge" : "unavailable", value);
      };
      const producer = reconnectingProducer(log, "t", { ...options, deduplicate: true });
      const large = producer.send(text("large"));
      await expect(large).rejects.toMatchObject({ code: "tooLarge" });
      const sends = [1, 2, 3].map((one) => producer.send(text(one)));
      await settled();
      await clock.advance(100);
      sends.push(producer.send(text(4)));
      await Promise.all(sends);
      expect(new Set(log.messages.map(textOf))).toEqual(new Set(["1", "2", "3", "4"]));
    });

    test("takes another name when the log holds on to the old one for long", async () => {
      const { log, clock, options } = setUp();
      const producer = reconnectingProducer(log, "t", { ...options, deduplicate: true });
      await producer.send(text(1));
      log.cut();
      log.refuse = new LogError("conflict", "taken");
      await settled();
      for (let waited = 0; waited < 16_000; waited += 1_000) await clock.advance(1_000);
      log.refuse = undefined;
      await clock.advance(1_000);
      await producer.send(text(2));
      expect(log.messages.map(textOf)).toEqual(["1", "2"]);
      expect(new Set(log.producers.map(({ producerName }) => producerName)).size).toBe(2);
      expect(log.producers.at(-1)?.initialSequenceId).toBe(1);
    });
  });

  test("sends again only when the session that ended has given its last receipts", async () => {
    const { log, clock, options } = setUp();
    const producer = reconnectingProducer(log, "t", options);
    await settled();
    log.withholdReceipts = true;
    const [early, late] = [producer.send(text("early")), producer.send(text("late"))];
    await settled();
    log.retire();
    await settled();
    expect(clock.waits).toEqual([]);
    log.releaseReceipts();
    log.withholdReceipts = false;
    await settled();
    await clock.advance(100);
    await Promise.all([early, late]);
    expect(log.messages.map(textOf)).toEqual(["early", "late"]);
    expect(log.openings).toBe(2);
  });

  test("when closed waits for receipts under way, and rejects what was never sent", async () => {
    const { log, options } = setUp();
    const producer = reconnectingProducer(log, "t", options);
    await settled();
    log.withholdReceipts = true;
    const sent = producer.send(text("sent"));
    const closing = producer.close();
    await expect(producer.send(text("late"))).rejects.toMatchObject({ code: "closed" });
    log.releaseReceipts();
    await closing;
    await sent;

    log.refuse = new LogError("unavailable", "down");
    const never = reconnectingProducer(log, "t", options);
    const unsent = never.send(text("unsent"));
    const rejected = expect(unsent).rejects.toMatchObject({ code: "closed" });
    await never.close();
    await rejected;
  });
});

describe("a reconnecting consumer", () => {
  test("gets again what it had not acknowledged", async () => {
    const { log, clock, options } = setUp();
    for (const one of ["a", "b", "c"]) log.store(text(one));
    const seen: string[] = [];
    const consumer = reconnectingConsumer(log, "t", {
      ...options,
      subscription: "s",
      type: "Shared",
      onMessage: (message) => {
        seen.push(textOf(message));
        if (textOf(message) !== "b") consumer.acknowledge(message.position);
      },
    });
    await settled();
    log.cut();
    await settled();
    await clock.advance(100);
    expect(seen).toEqual(["a", "b", "c", "b"]);
  });

  test("connects again when nothing comes and the log has forgotten it, not when there is nothing to come", async () => {
    const { log, clock, options } = setUp();
    const taken: string[] = [];
    const reasons: (string | undefined)[] = [];
    const consumer = reconnectingConsumer(log, "t", {
      ...options,
      subscription: "s",
      type: "Shared",
      consumerName: "worker",
      onMessage: (message) => taken.push(textOf(message)),
      onStateChange: (_, reason) => reasons.push(reason?.message),
    });
    await settled();
    await pass(clock, 600_000);
    expect(log.openings).toBe(1);
    log.stall();
    log.store(text("a"));
    await pass(clock, 600_000);
    expect(log.openings).toBe(2);
    expect(taken).toEqual(["a"]);
    expect(reasons).toContainEqual(
      expect.stringMatching(/^Nothing came of t for 60 s, and the log doesn't know/),
    );
    await consumer.close();
    expect(clock.waits).toEqual([]);
  });
});

describe("a reconnecting reader", () => {
  test("goes on after the last message it handed over", async () => {
    const { log, clock, options } = setUp();
    const seen: string[] = [];
    log.store(text(0));
    reconnectingReader(log, "t", {
      ...options,
      from: "earliest",
      onMessage: (message) => {
        seen.push(textOf(message));
      },
    });
    await settled();
    log.store(text(1));
    log.cut();
    log.store(text(2));
    await settled();
    await clock.advance(100);
    log.store(text(3));
    expect(seen).toEqual(["0", "1", "2", "3"]);
  });

  test("from the latest misses nothing of what comes while the connection is down", async () => {
    const { log, clock, options } = setUp();
    log.store(text("old"));
    const seen: string[] = [];
    reconnectingReader(log, "t", {
      ...options,
      from: "latest",
      onMessage: (message) => {
        seen.push(textOf(message));
      },
    });
    await settled();
    log.cut();
    log.store(text("while down"));
    await settled();
    await clock.advance(100);
    expect(seen).toEqual(["while down"]);
  });

  test("waits for handlers at work before it connects again", async () => {
    const { log, clock, options } = setUp();
    log.store(text(0));
    let finish = (): void => {};
    reconnectingReader(log, "t", {
      ...options,
      from: "earliest",
      onMessage: () =>
        new Promise((resolve) => {
          finish = resolve;
        }),
    });
    await settled();
    log.cut();
    await clock.advance(10_000);
    expect(log.openings).toBe(1);
    finish();
    await settled();
    await clock.advance(1_000);
    expect(log.openings).toBe(2);
  });

  test("ends with what its handler throws", async () => {
    const { log, options } = setUp();
    const closings: (Error | undefined)[] = [];
    log.store(text(0));
    log.store(text(1));
    let seen = 0;
    reconnectingReader(log, "t", {
      ...options,
      from: "earliest",
      onMessage: () => {
        seen += 1;
        throw new Error("boom");
      },
      onClose: (reason) => closings.push(reason),
    });
    await settled();
    expect(seen).toBe(1);
    expect(closings).toEqual([new Error("boom")]);
  });

  describe("whose session is silent", () => {
    async function stalled() {
      const { log, clock, options } = setUp();
      const seen: string[] = [];
      const reasons: (string | undefined)[] = [];
      const expects = { more: true };
      const reader = reconnectingReader(log, "t", {
        ...options,
        from: "earliest",
        expectsMore: () => expects.more,
        onMessage: (message) => void seen.push(textOf(message)),
        onStateChange: (_, reason) => reasons.push(reason?.message),
      });
      log.store(text("a"));
      await settled();
      log.stall();
      return { log, clock, seen, reasons, expects, reader };
    }

    test("reads on through another one when the log has more, and says so", async () => {
      const { log, clock, seen, reasons } = await stalled();
      log.store(text("b"));
      await pass(clock, 15_000);
      expect(seen).toEqual(["a", "b"]);
      expect(reasons).toContainEqual("Nothing came of t for 5 s, though the log has more.");
    });

    test("leaves it alone while there is no more, or nobody waits for it", async () => {
      const { log, clock, expects } = await stalled();
      await pass(clock, 60_000);
      expects.more = false;
      log.store(text("b"));
      await pass(clock, 60_000);
      expect(log.openings).toBe(1);
    });

    test("leaves it alone while a handler is at work", async () => {
      const { log, clock, options } = setUp();
      log.store(text("slow"));
      reconnectingReader(log, "t", {
        ...options,
        from: "earliest",
        expectsMore: () => true,
        onMessage: () => new Promise(() => {}),
      });
      await settled();
      log.stall();
      log.store(text("next"));
      await pass(clock, 60_000);
      expect(log.openings).toBe(1);
    });

    test("is more patient each time that another session doesn't help, and stays so until something comes", async () => {
      const { log, clock, options } = setUp();
      log.lastPosition = async () => position(1, 7);
      reconnectingReader(log, "t", {
        ...options,
        from: "earliest",
        expectsMore: () => true,
        onMessage: () => {},
      });
      const openings: number[] = [];
      for (let minute = 0; minute < 60; minute++) {
        await pass(clock, 60_000);
        openings.push(log.openings);
      }
      expect(openings[0]).toBeGreaterThan(2);
      expect(openings[59]).toBeLessThan(22);
      expect(openings[59]).toBeGreaterThan(openings[30] ?? 0);
    });

    test("ends its watch with the reader", async () => {
      const { clock, reader } = await stalled();
      await reader.close();
      expect(clock.waits).toEqual([]);
    });
  });
});
