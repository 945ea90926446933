import { PartitionProgress } from "@downbeat/domain";
import { expect, test } from "vitest";
import { Readiness, type RunningEngine } from "../src/readiness.ts";

type Mode = RunningEngine["engine"]["modes"][number];

/** An engine of two partitions, called `engine-a`. */
function running() {
  const facts = {
    now: 1_000,
    modes: ["owning", "owning"] as Mode[],
    owners: ["engine-a", "engine-a"],
    connected: new Map([
      [0, "engine-a"],
      [1, "engine-a"],
    ]),
    refusals: new Map<string, string>(),
    heldBack: [undefined, undefined] as (string | undefined)[],
    unseenMs: 0,
    progress: [new PartitionProgress(10_000), new PartitionProgress(10_000)],
    look(partition: number, waiting: number) {
      facts.progress[partition]?.look({ at: facts.now, waiting, hasOwner: true });
    },
  };
  const readiness = new Readiness();
  readiness.runs({
    engine: facts,
    name: "engine-a",
    witness: { unseenMs: (partition) => (partition === 1 ? facts.unseenMs : 0), trouble: () => undefined },
    inboxes: {
      progress: (partition) => facts.progress[partition],
      owner: (partition) => facts.connected.get(partition),
    },
    clock: { monotonic: () => facts.now },
  });
  return { readiness, facts };
}

test("an engine that is not running yet says why", () => {
  const readiness = new Readiness();
  expect(readiness.state).toEqual({ ready: false, partitions: [], problem: "The engine is starting." });
  readiness.waiting("The log can't be reached.");
  expect(readiness.state).toEqual({ ready: false, partitions: [], problem: "The log can't be reached." });
  readiness.servesLog();
  expect(readiness.state).toEqual({ ready: true, partitions: [] });
});

test("at its start it is ready once every partition is its own, or another engine's", () => {
  const { readiness, facts } = running();
  facts.modes = ["connecting", "following"];
  facts.connected.clear();
  facts.owners = ["", ""];
  expect(readiness.state.problem).toBe(
    "The engine is connecting to the log. Partition 1: no engine owns it yet.",
  );
  facts.modes = ["owning", "following"];
  facts.owners = ["engine-a", "engine-b"];
  expect(readiness.state).toMatchObject({ ready: true, partitions: [{}, { owner: "engine-b" }] });
});

test("that it claimed a partition in a life before makes it nobody's now", () => {
  const { readiness, facts } = running();
  facts.modes = ["owning", "following"];
  expect(readiness.state.problem).toBe("Partition 1: no engine owns it yet.");
});

test("a record that nobody else sees as accepted makes it not ready, with the partition's name", () => {
  const { readiness, facts } = running();
  facts.unseenMs = 9_000;
  expect(readiness.state.ready).toBe(true);
  facts.unseenMs = 12_500;
  expect(readiness.state).toMatchObject({
    ready: false,
    problem: "Partition 1: for 12 s, what this engine appends to history is not seen there as accepted.",
    partitions: [{ partition: 0 }, { partition: 1, mode: "owning", unseenMs: 12_500 }],
  });
});

test("commands that wait while none is decided make it not ready, until the next is", () => {
  const { readiness, facts } = running();
  facts.look(0, 12);
  facts.now += 9_000;
  facts.look(0, 12);
  expect(readiness.state.ready).toBe(true);
  facts.now += 3_000;
  facts.look(0, 12);
  expect(readiness.state.problem).toBe(
    "Partition 0: 12 commands wait, nothing was decided for 12 s (owner engine-a).",
  );
  facts.progress[0]?.decided();
  expect(readiness.state.ready).toBe(true);
});

test("what waits in another engine's partition is for that engine to say", () => {
  const { readiness, facts } = running();
  facts.modes = ["owning", "following"];
  facts.connected.set(1, "engine-b");
  for (let look = 0; look < 5; look++) {
    facts.look(1, 12);
    facts.now += 9_000;
  }
  expect(readiness.state).toMatchObject({ ready: true, partitions: [{}, { stalledMs: 36_000 }] });
});

test("a take-over of a few seconds is no trouble, a longer one is, with the reason", () => {
  const { readiness, facts } = running();
  expect(readiness.state.ready).toBe(true);
  readiness.dropped(1, "the history session ended");
  facts.modes = ["owning", "dropped"];
  facts.now += 9_999;
  expect(readiness.state.ready).toBe(true);
  facts.now += 1;
  expect(readiness.state).toMatchObject({
    ready: false,
    problem: "Partition 1 was given up: the history session ended.",
  });
  facts.modes = ["owning", "claiming"];
  expect(readiness.state.ready).toBe(false);
  facts.modes = ["owning", "owning"];
  expect(readiness.state.ready).toBe(true);
});

test("an engine that is held back says so, and is ready as long as another engine owns the partition", () => {
  const { readiness, facts } = running();
  const heldBack =
    "Partition 1: a newer version has decided here (format 9). This engine doesn't decide in it: update it, or stop it.";
  facts.modes = ["owning", "following"];
  facts.heldBack[1] = "a newer version has decided here (format 9)";
  facts.connected.set(1, "engine-b");
  expect(readiness.state).toMatchObject({ ready: true, partitions: [{}, { heldBack, owner: "engine-b" }] });
  expect(readiness.state.partitions[0]).not.toHaveProperty("heldBack");
  // The newer one has claimed it last, and is gone.
  facts.owners[1] = "engine-b";
  facts.connected.set(1, "");
  facts.now += 9_999;
  expect(readiness.state.ready).toBe(true);
  facts.now += 1;
  expect(readiness.state).toMatchObject({ ready: false, problem: heldBack });
});

test("an engine that lacks a key is to be given it, not to be updated", () => {
  const { readiness, facts } = running();
  facts.modes = ["owning", "following"];
  const reason = "its records are signed (its file is named by DOWNBEAT_RECORD_KEYS_FILE)";
  facts.heldBack[1] = reason;
  expect(readiness.state.partitions[1]).toMatchObject({
    heldBack: `Partition 1: ${reason}. This engine doesn't decide in it: give it the file with all keys, or stop it.`,
  });
});

test("an idle engine is ready forever", () => {
  const { readiness, facts } = running();
  for (let look = 0; look < 100; look++) {
    facts.look(0, 0);
    facts.look(1, 0);
    facts.now += 60_000;
    expect(readiness.state.ready).toBe(true);
  }
});

test("a full disk is said before all else, and its end by itself", () => {
  const { readiness } = running();
  readiness.diskFull("The disk is full.");
  expect(readiness.state).toMatchObject({ ready: false, problem: "The disk is full.", partitions: [{}, {}] });
  readiness.diskFull(undefined);
  expect(readiness.state.ready).toBe(true);
});

test("a topic that takes nothing is named with what the log says, and the engine is ready all the same", () => {
  const { readiness, facts } = running();
  facts.refusals.set("jobs-pay", "its backlog is over its quota");
  expect(readiness.state).toMatchObject({
    ready: true,
    refusing: [{ topic: "jobs-pay", reason: "its backlog is over its quota" }],
  });
  facts.refusals.clear();
  expect(readiness.state).not.toHaveProperty("refusing");
});

test("what nobody can ask the log for ten seconds is not taken for well, whoever owns the partition", () => {
  const { readiness, facts } = running();
  facts.look(0, 3);
  facts.look(1, 0);
  expect(readiness.state).toMatchObject({ ready: true, partitions: [{ waiting: 3, stalledMs: 0 }, {}] });
  facts.modes = ["owning", "following"];
  facts.owners = ["engine-a", "engine-b"];
  facts.connected.clear();
  const miss = () => {
    for (const progress of facts.progress) progress.miss(facts.now, "the log doesn't say what waits: 503");
  };
  miss();
  expect(readiness.state.ready).toBe(true);
  expect(readiness.state.partitions[0]).not.toHaveProperty("waiting");
  expect(readiness.state.partitions[0]).not.toHaveProperty("stalledMs");
  facts.now += 10_000;
  miss();
  const why = "can't be told, for 10 s now: the log doesn't say what waits: 503.";
  expect(readiness.state).toMatchObject({
    ready: false,
    problem: `Whether commands are decided in partition 0 ${why} Whether commands are decided in partition 1 ${why}`,
  });
  facts.look(0, 3);
  facts.look(1, 0);
  expect(readiness.state.ready).toBe(true);
});
