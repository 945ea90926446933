import type { Effect } from "@downbeat/domain";
import { LogError } from "@downbeat/message-log";
import { describe, expect, test } from "vitest";
import { PatientPublisher } from "../src/patient-publisher.ts";
import { EngineClock } from "./engine-clock.ts";

const attempt = (runId: string, jobType = "pay"): Effect => ({
  type: "DispatchAttempt",
  runId,
  workflow: "w",
  jobId: "j1",
  jobType,
  attempt: 1,
  idempotencyKey: `${runId}/j1`,
  input: "1",
});

class Stage {
  readonly clock = new EngineClock();
  readonly tried: string[] = [];
  readonly left: string[] = [];
  readonly handedOver: string[] = [];
  readonly done: string[] = [];
  refusal: LogError | undefined;
  isOwning = true;
  mayLeave = true;
  readonly #publisher = new PatientPublisher({
    clock: this.clock,
    isOwning: () => this.isOwning,
    mayLeave: () => this.mayLeave,
    onHandedOver: ({ runId }) => this.handedOver.push(runId),
    onLeft: ({ runId }) => this.left.push(runId),
    effects: {
      publish: async (effect) => {
        this.tried.push(effect.runId);
        if (this.refusal !== undefined && effect.type === "DispatchAttempt" && effect.jobType === "pay")
          throw this.refusal;
      },
    },
  });

  async publish(runId: string, jobType?: string): Promise<void> {
    void this.#publisher.publish(attempt(runId, jobType), 0).then(() => this.done.push(runId));
    await this.clock.turn();
  }

  async passes(ms: number): Promise<void> {
    for (let passed = 0; passed < ms; passed += 250) await this.clock.manual.advance(250);
  }
}

const full = new LogError("unavailable", "full");

describe("an effect whose topic takes nothing", () => {
  test("is published when the topic takes it a moment later, and nobody hears of it", async () => {
    const stage = new Stage();
    stage.refusal = full;
    await stage.publish("a");
    await stage.passes(1_000);
    expect(stage.done).toEqual([]);
    stage.refusal = undefined;
    await stage.passes(1_000);
    expect(stage).toMatchObject({ done: ["a"], handedOver: ["a"], left: [] });
  });

  test("is left after a few seconds, and what comes next for that topic at once; other topics go on", async () => {
    const stage = new Stage();
    stage.refusal = full;
    await stage.publish("a");
    await stage.passes(8_000);
    expect(stage).toMatchObject({ done: ["a"], left: ["a"] });
    const tries = stage.tried.length;
    await stage.publish("b");
    await stage.publish("c", "other");
    expect(stage).toMatchObject({ done: ["a", "b", "c"], left: ["a", "b"], handedOver: ["c"] });
    expect(stage.tried.length).toBe(tries + 1);
  });

  test("is tried with one effect every ten seconds, and takes all of them again once it took one", async () => {
    const stage = new Stage();
    stage.refusal = full;
    await stage.publish("a");
    await stage.passes(8_000);
    await stage.passes(10_000);
    stage.tried.length = 0;
    await Promise.all(["b", "c", "d"].map((runId) => stage.publish(runId)));
    expect(stage.tried).toEqual(["b"]);
    expect(stage.left.toSorted()).toEqual(["a", "b", "c", "d"]);
    stage.refusal = undefined;
    await stage.passes(10_000);
    await stage.publish("e");
    await stage.publish("f");
    expect(stage.handedOver).toEqual(["e", "f"]);
  });

  test("is waited for where nobody would find it later", async () => {
    const stage = new Stage();
    stage.mayLeave = false;
    stage.refusal = full;
    await stage.publish("a");
    await stage.passes(120_000);
    expect(stage).toMatchObject({ done: [], left: [] });
    stage.refusal = undefined;
    await stage.passes(10_000);
    expect(stage.done).toEqual(["a"]);
  });
});

test("an effect that no topic would take is left by itself", async () => {
  const stage = new Stage();
  stage.refusal = new LogError("tooLarge", "too large");
  await stage.publish("large");
  stage.refusal = undefined;
  await stage.publish("small");
  expect(stage).toMatchObject({ left: ["large"], handedOver: ["small"] });
});

test("whoever owns the partition no longer publishes nothing more", async () => {
  const stage = new Stage();
  stage.refusal = full;
  await stage.publish("a");
  stage.isOwning = false;
  const tries = stage.tried.length;
  await stage.passes(20_000);
  expect(stage.tried.length).toBe(tries);
  expect(stage.left).toEqual([]);
});

describe("an effect that is no attempt", () => {
  const arm: Effect = { type: "ArmTimer", runId: "r", timerId: "t1", generation: 1, dueAt: 5 };

  test("is left or published as others are, and nobody hears of it: the owner keeps the time itself", async () => {
    const clock = new EngineClock();
    const told: string[] = [];
    const log = { refusal: undefined as LogError | undefined };
    const publisher = new PatientPublisher({
      clock,
      isOwning: () => true,
      mayLeave: () => true,
      onHandedOver: () => told.push("handed over"),
      onLeft: () => told.push("left"),
      effects: {
        publish: async () => {
          if (log.refusal !== undefined) throw log.refusal;
        },
      },
    });
    await publisher.publish(arm, 0);
    log.refusal = new LogError("tooLarge", "too large");
    await publisher.publish(arm, 0);
    expect(told).toEqual([]);
  });
});

test("pauses double up to ten seconds", async () => {
  const stage = new Stage();
  stage.mayLeave = false;
  stage.refusal = full;
  await stage.publish("a");
  const pauses: (number | undefined)[] = [];
  for (let tries = 0; tries < 8; tries++) {
    const [pause] = stage.clock.manual.waits;
    pauses.push(pause);
    await stage.clock.manual.advance(pause ?? 0);
  }
  expect(pauses).toEqual([250, 500, 1_000, 2_000, 4_000, 8_000, 10_000, 10_000]);
});

test("one is left at the first try that fails after five seconds, to the ms", async () => {
  const stage = new Stage();
  await stage.clock.manual.advance(100_000);
  stage.refusal = full;
  await stage.publish("a");
  for (const pause of [250, 500, 1_000, 2_000]) await stage.clock.manual.advance(pause);
  expect(stage.done).toEqual([]);
  // Tried once more after four more seconds; the log answers when a while has passed.
  await stage.clock.manual.advance(4_000);
  expect(stage).toMatchObject({ done: ["a"], left: ["a"] });
});

test("one that is to be waited for is tried though its topic took nothing lately", async () => {
  const stage = new Stage();
  stage.refusal = full;
  await stage.publish("a");
  await stage.passes(8_000);
  stage.mayLeave = false;
  stage.tried.length = 0;
  await stage.publish("b");
  expect(stage).toMatchObject({ tried: ["b"], left: ["a"] });
});
