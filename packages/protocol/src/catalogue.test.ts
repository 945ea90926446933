import { expect, test } from "vitest";
import { Catalogue } from "./catalogue.ts";
import { encodeDefinitionMessage } from "./definition-message.ts";
import { type AliveMessage, encodeWorkerMessage } from "./worker-message.ts";

const hour = 3_600_000;

function alive(id: string, more: Partial<AliveMessage> = {}): AliveMessage {
  return {
    type: "alive",
    id,
    name: id,
    host: "h",
    build: "1.0.0",
    sdk: "0.1.0",
    startedAt: 1,
    everyMs: 10_000,
    jobs: [{ type: "charge", concurrency: 10 }],
    workflows: ["placeOrder"],
    ...more,
  };
}

function opened() {
  const catalogue = new Catalogue();
  return {
    catalogue,
    hear: (publishTime: number, message: Parameters<typeof encodeWorkerMessage>[0]) =>
      catalogue.takeWorker({ payload: encodeWorkerMessage(message), publishTime }, publishTime),
    announce: (publishTime: number, workflow: string, build = "1") =>
      catalogue.takeWorkflow(
        { payload: encodeDefinitionMessage({ workflow, build }), publishTime },
        publishTime,
      ),
    names: (now: number) => catalogue.workers(now).map(({ name }) => name),
  };
}

test("a worker is there until it was silent for two and a half beats, by the log's time", () => {
  const { hear, names, catalogue } = opened();
  hear(1_000_000, alive("a"));
  expect(names(1_025_000)).toEqual(["a"]);
  expect(catalogue.isHosted("placeOrder", 1_025_000)).toBe(true);
  expect(names(1_025_001)).toEqual([]);
  expect(catalogue.isHosted("placeOrder", 1_025_001)).toBe(false);
  hear(1_040_000, alive("a"));
  expect(names(1_050_000)).toEqual(["a"]);
});

test("builds are of the workers that are there and host the workflow, those that began last first", () => {
  const { hear, catalogue } = opened();
  hear(1_000_000, alive("a", { build: "1", startedAt: 1 }));
  hear(1_000_000, alive("b", { build: "3", startedAt: 3 }));
  hear(1_000_000, alive("c", { build: "2", startedAt: 2 }));
  hear(1_000_000, alive("d", { build: "3", startedAt: 4 }));
  hear(1_000_000, alive("e", { build: "4", startedAt: 5, workflows: ["other"] }));
  expect(catalogue.buildsOf("placeOrder", 1_000_001)).toEqual(["3", "2", "1"]);
  expect(catalogue.buildsOf("placeOrder", 1_025_001)).toEqual([]);
});

test("one that says goodbye is gone at once, and comes back only as another", () => {
  const { hear, names } = opened();
  hear(0, alive("a", { name: "payments" }));
  hear(0, alive("b", { name: "payments", startedAt: 0 }));
  expect(names(0)).toEqual(["payments", "payments"]);
  hear(1, { type: "stopped", id: "a" });
  expect(names(1)).toEqual(["payments"]);
  hear(2, { type: "stopped", id: "unknown" });
  expect(names(2)).toEqual(["payments"]);
});

test("the last that a worker says of itself counts", () => {
  const { hear, catalogue } = opened();
  hear(0, alive("a"));
  hear(5, alive("a", { workflows: ["other"], everyMs: 1_000 }));
  expect(catalogue.isHosted("placeOrder", 5)).toBe(false);
  expect(catalogue.isHosted("other", 5)).toBe(true);
  expect(catalogue.isHosted("other", 3_006)).toBe(false);
});

test("a workflow stays known when its workers have gone, as it was announced last", () => {
  const { hear, announce, catalogue } = opened();
  announce(0, "placeOrder", "1");
  announce(0, "returnOrder", "1");
  announce(5, "placeOrder", "2");
  hear(5, alive("a"));
  hear(6, { type: "stopped", id: "a" });
  expect(catalogue.knows("placeOrder")).toBe(true);
  expect(catalogue.isHosted("placeOrder", 6)).toBe(false);
  expect(catalogue.workflow("placeOrder")).toEqual({ workflow: "placeOrder", build: "2", announcedAt: 5 });
  expect(catalogue.workflows.map(({ workflow }) => workflow)).toEqual(["placeOrder", "returnOrder"]);
});

test("workflows are listed by their names", () => {
  const { announce, catalogue } = opened();
  for (const name of ["order", "Zoo", "book", "order", "apple"]) announce(1_000_000, name);
  expect(catalogue.workflows.map(({ workflow }) => workflow)).toEqual(["Zoo", "apple", "book", "order"]);
});

test("the workflow that was meant is named where one is much like it", () => {
  const { announce, catalogue } = opened();
  announce(0, "placeOrder");
  announce(0, "returnOrder");
  expect(catalogue.knows("placeOrdr")).toBe(false);
  expect(catalogue.nearest("placeOrdr")).toBe("placeOrder");
  expect(catalogue.nearest("sendInvoice")).toBeUndefined();
});

test("what can't be read is said, and changes nothing", () => {
  const { catalogue } = opened();
  for (const text of [
    "",
    "{",
    "null",
    "[]",
    '{"type":"alive"}',
    '{"type":"stopped"}',
    '{"workflow":"no name"}',
  ]) {
    const message = { payload: Buffer.from(text), publishTime: 0 };
    expect(catalogue.takeWorker(message, 0)).toBe(false);
    expect(catalogue.takeWorkflow(message, 0)).toBe(false);
  }
  expect(catalogue.workers(0)).toEqual([]);
  expect(catalogue.workflows).toEqual([]);
});

test("fields that a later version adds are passed over", () => {
  const { catalogue } = opened();
  const payload = Buffer.from(JSON.stringify({ ...alive("a"), colour: "red" }));
  expect(catalogue.takeWorker({ payload, publishTime: 0 }, 0)).toBe(true);
  expect(catalogue.workers(0)[0]).not.toHaveProperty("colour");
});

test("of workers that went without a word no more is kept after an hour", () => {
  const { hear, catalogue } = opened();
  for (let i = 0; i < 100; i++) hear(i, alive(`w${i}`, { everyMs: hour * 10 }));
  expect(catalogue.workers(hour)).toHaveLength(100);
  hear(hour * 3, alive("last"));
  expect(catalogue.workers(hour * 3).map(({ id }) => id)).toEqual(["last"]);
});

test("what was told before it is read says nothing of now, once something fresh has come", () => {
  const { catalogue } = opened();
  const tell = (publishTime: number, id: string, at: number) =>
    catalogue.takeWorker({ payload: encodeWorkerMessage(alive(id)), publishTime }, at);
  tell(5 * hour, "killed", 7);
  tell(6 * hour, "living", 7);
  expect(catalogue.workers(7).map(({ id }) => id)).toEqual(["living"]);
  tell(6 * hour + 5_000, "living", 5_007);
  expect(catalogue.workers(5_007).map(({ id }) => id)).toEqual(["living"]);
  expect(catalogue.workers(40_000)).toEqual([]);
});

test("a log whose clock was set back is believed after a while", () => {
  const { catalogue } = opened();
  for (let at = 0; at < 300_000; at += 10_000) {
    const publishTime = (at < 100_000 ? 9 * hour : 5 * hour) + at;
    catalogue.takeWorker({ payload: encodeWorkerMessage(alive("a")), publishTime }, at);
  }
  expect(catalogue.workers(300_000).map(({ id }) => id)).toEqual(["a"]);
});

test("the definitions of a workflow are those of the workers that are there, the newest last", () => {
  const { hear, catalogue } = opened();
  const define = (publishTime: number, definition: string) =>
    catalogue.takeWorkflow(
      {
        payload: encodeDefinitionMessage({ workflow: "placeOrder", build: definition, definition }),
        publishTime,
      },
      publishTime,
    );
  const ids = (at: number) =>
    catalogue.definitionsOfWorkflow("placeOrder", at)?.map(({ definition }) => definition);
  expect(ids(0)).toBeUndefined();
  define(0, "one");
  define(1, "two");
  // Nobody is there: what was said last counts.
  expect(ids(1)).toEqual(["two"]);
  hear(2, alive("old", { definitions: { placeOrder: "one" } }));
  expect(ids(2)).toEqual(["one"]);
  hear(2, alive("new", { definitions: { placeOrder: "two" } }));
  hear(2, alive("newer", { definitions: { placeOrder: "two" } }));
  expect(ids(2)).toEqual(["one", "two"]);
  // It hosts one that hasn't been read yet, or is of a build that doesn't say.
  expect(catalogue.lacksDefinition("workflow", "placeOrder", 2)).toBe(false);
  hear(3, alive("newest", { definitions: { placeOrder: "three" } }));
  expect(ids(3)).toBeUndefined();
  expect(catalogue.lacksDefinition("workflow", "placeOrder", 3)).toBe(true);
  hear(4, { type: "stopped", id: "newest" });
  hear(4, alive("silent"));
  expect(ids(4)).toBeUndefined();
  expect(catalogue.lacksDefinition("workflow", "placeOrder", 4)).toBe(false);
  hear(5, { type: "stopped", id: "silent" });
  hear(5, { type: "stopped", id: "old" });
  expect(ids(5)).toEqual(["two"]);
  // A rollback: the older one is announced again, and is the newest.
  define(6, "one");
  expect(catalogue.workflow("placeOrder")?.definition).toBe("one");
  expect(ids(6)).toEqual(["two"]);
  expect(ids(60_000)).toEqual(["one"]);
});

test("those of a kind of jobs likewise", () => {
  const { hear, catalogue } = opened();
  const payload = encodeDefinitionMessage({
    jobType: "charge",
    build: "1",
    definition: "one",
    input: { type: "string" },
  });
  catalogue.takeWorkflow({ payload, publishTime: 0 }, 0);
  expect(catalogue.definitionsOfJobType("charge", 0)).toMatchObject([{ input: { type: "string" } }]);
  hear(1, alive("a", { jobs: [{ type: "charge", concurrency: 1, definition: "one" }] }));
  expect(catalogue.definitionsOfJobType("charge", 1)).toMatchObject([{ definition: "one" }]);
  hear(2, alive("b"));
  expect(catalogue.definitionsOfJobType("charge", 2)).toBeUndefined();
});

test("workers are listed by their names, those of one name by what began first, and then by their ids", () => {
  const { hear, catalogue } = opened();
  const named = (id: string, name: string, startedAt: number) => hear(1, alive(id, { name, startedAt }));
  named("4", "b", 1);
  named("6", "Z", 9);
  named("3", "a", 2);
  named("2", "a", 1);
  named("1", "a", 2);
  named("5", "b", 1);
  expect(catalogue.workers(1).map(({ id }) => id)).toEqual(["6", "2", "1", "3", "4", "5"]);
});

test("kinds of jobs are known by their names, as they were announced last", () => {
  const { catalogue } = opened();
  const define = (publishTime: number, jobType: string, definition: string) => {
    const payload = encodeDefinitionMessage({ jobType, build: "1", definition });
    return catalogue.takeWorkflow({ payload, publishTime }, publishTime);
  };
  expect(define(1, "refund", "one")).toBe(true);
  define(2, "charge", "two");
  define(3, "refund", "three");
  const told = (all: readonly { jobType: string; definition?: string | undefined }[]) =>
    all.map(({ jobType, definition }) => `${jobType} ${definition}`);
  expect(told(catalogue.jobTypes)).toEqual(["charge two", "refund three"]);
  expect(catalogue.jobType("refund")).toMatchObject({ definition: "three", announcedAt: 3 });
  expect(catalogue.jobType("pay")).toBeUndefined();
  expect(told(catalogue.everyDefinition().jobTypes).toSorted()).toEqual([
    "charge two",
    "refund one",
    "refund three",
  ]);
  expect(catalogue.everyDefinition().workflows).toEqual([]);
  expect(catalogue.workflows).toEqual([]);
});

test("all definitions of workflows are remembered, not the newest alone", () => {
  const { catalogue } = opened();
  for (const definition of ["one", "two"]) {
    const payload = encodeDefinitionMessage({ workflow: "order", build: "1", definition });
    catalogue.takeWorkflow({ payload, publishTime: 1 }, 1);
  }
  expect(catalogue.everyDefinition().workflows.map(({ definition }) => definition)).toEqual(["one", "two"]);
  expect(catalogue.workflows).toHaveLength(1);
});

test("of several names that are as near, the first by the alphabet is meant", () => {
  const { announce, catalogue } = opened();
  for (const name of ["orderb", "ordera"]) announce(1, name);
  expect(catalogue.nearest("orderc")).toBe("ordera");
});

test("workers that do another kind of jobs, or host another workflow, say nothing of this one", () => {
  const { hear, announce, catalogue } = opened();
  const payload = encodeDefinitionMessage({ jobType: "charge", build: "1", definition: "one" });
  catalogue.takeWorkflow({ payload, publishTime: 0 }, 0);
  announce(0, "placeOrder");
  hear(1, alive("a", { workflows: ["other"], jobs: [{ type: "refund", concurrency: 1, definition: "x" }] }));
  expect(catalogue.definitionsOfJobType("charge", 1)).toHaveLength(1);
  expect(catalogue.definitionsOfWorkflow("placeOrder", 1)).toHaveLength(1);
  expect(catalogue.lacksDefinition("jobType", "charge", 1)).toBe(false);
  hear(2, alive("b", { workflows: [], jobs: [{ type: "charge", concurrency: 1, definition: "new" }] }));
  expect(catalogue.lacksDefinition("jobType", "charge", 2)).toBe(true);
  expect(catalogue.lacksDefinition("workflow", "charge", 2)).toBe(false);
});

test("the log's time is known from what people announce too", () => {
  const { hear, announce, catalogue } = opened();
  hear(1_000, alive("a"));
  // By the reader's clock nothing has passed since.
  catalogue.takeWorkflow(
    { payload: encodeDefinitionMessage({ workflow: "order", build: "1" }), publishTime: 50_000 },
    1_000,
  );
  expect(catalogue.workers(1_000)).toEqual([]);
  expect(announce(50_000, "order")).toBe(true);
});

test("a clock that was ahead is believed for a minute or two, and no longer", () => {
  const { catalogue } = opened();
  const hear = (publishTime: number, at: number, id = "a") =>
    catalogue.takeWorker({ payload: encodeWorkerMessage(alive(id)), publishTime }, at);
  const isThere = (at: number) => catalogue.workers(at).some(({ id }) => id === "a");
  hear(hour, 0, "ahead");
  for (let at = 10_000; at <= 130_000; at += 10_000) {
    hear(at, at);
    expect(isThere(at), `${at}`).toBe(false);
  }
  hear(140_000, 140_000);
  expect(isThere(140_000)).toBe(true);
});
