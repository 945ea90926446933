import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openEmbeddedLog } from "@downbeat/embedded-log";
import { type MessageLog, TopicProducers } from "@downbeat/message-log";
import { until } from "@downbeat/message-log/testing";
import { definitionKey, encodeDefinitionMessage, encodeWorkerMessage, topics } from "@downbeat/protocol";
import { expect, onTestFinished, test } from "vitest";
import { AnnouncedWorkflows, systemClock } from "../src/index.ts";

async function opened() {
  const directory = await mkdtemp(join(tmpdir(), "downbeat-known-"));
  const embedded = await openEmbeddedLog({ file: join(directory, "log.db") });
  onTestFinished(async () => {
    await embedded.close();
    await rm(directory, { recursive: true });
  });
  const producers = new TopicProducers(embedded.connect());
  let later = 0;
  const clock = { ...systemClock, monotonic: () => performance.now() + later };
  const alive = (id: string, workflows: readonly string[]) =>
    producers.send(topics.workers, {
      key: id,
      payload: encodeWorkerMessage({
        type: "alive",
        id,
        name: id,
        host: "h",
        build: "1",
        sdk: "0.1.0",
        startedAt: 1,
        everyMs: 10_000,
        jobs: [],
        workflows: [...workflows],
      }),
    });
  return {
    clock,
    connect: () => embedded.connect(),
    pass: (ms: number) => {
      later += ms;
    },
    alive,
    stopped: (id: string) =>
      producers.send(topics.workers, { key: id, payload: encodeWorkerMessage({ type: "stopped", id }) }),
    announce: (workflow: string) =>
      producers.send(topics.workflows, {
        key: workflow,
        payload: encodeDefinitionMessage({ workflow, build: "1" }),
      }),
  };
}

function follow(log: MessageLog, clock: typeof systemClock): AnnouncedWorkflows {
  const known = new AnnouncedWorkflows(log, clock);
  onTestFinished(() => known.close());
  return known;
}

test("an engine knows what was announced before it was there, once it has read it", async () => {
  const { alive, announce, connect, clock } = await opened();
  await announce("placeOrder");
  await alive("a", ["placeOrder"]);
  const known = follow(connect(), clock);
  expect(known.isHosted("placeOrder")).toBeUndefined();
  await known.ready;
  expect([known.knows("placeOrder"), known.isHosted("placeOrder")]).toEqual([true, true]);
  expect([known.knows("placeOrdr"), known.isHosted("placeOrdr")]).toEqual([false, false]);
  expect(known.nearest("placeOrdr")).toBe("placeOrder");
});

test("one on a log where nobody has announced anything knows that", async () => {
  const { connect, clock } = await opened();
  const known = follow(connect(), clock);
  await known.ready;
  expect([known.knows("placeOrder"), known.isHosted("placeOrder")]).toEqual([false, false]);
});

test("a workflow whose workers have stopped, or are silent, is known and hosted by nobody", async () => {
  const { alive, stopped, announce, connect, clock, pass } = await opened();
  const known = follow(connect(), clock);
  await announce("placeOrder");
  await alive("a", ["placeOrder"]);
  await until("it is hosted", () => known.isHosted("placeOrder") === true);
  await stopped("a");
  await until("it is hosted by nobody", () => known.isHosted("placeOrder") === false);
  await alive("b", ["placeOrder"]);
  await until("it is hosted again", () => known.isHosted("placeOrder") === true);
  pass(31_000);
  expect([known.knows("placeOrder"), known.isHosted("placeOrder")]).toEqual([true, false]);
});

test("a burst of what needs the newest announcements asks the log for its end twice, and each hears of what was announced before it asked", async () => {
  const { announce, connect, clock } = await opened();
  const connected = connect();
  let asked = 0;
  const log = Object.assign(Object.create(connected), {
    openReader: connected.openReader.bind(connected),
    lastPosition: (topic: string) => {
      if (topic === topics.workflows) asked++;
      return connected.lastPosition(topic);
    },
  }) as MessageLog;
  const known = follow(log, clock);
  await known.ready;
  asked = 0;
  const first = known.caughtUp();
  await announce("placeOrder");
  await first;
  asked = 0;
  const burst = Array.from({ length: 100 }, async () => {
    await known.caughtUp();
    return known.knows("placeOrder");
  });
  expect(await Promise.all(burst)).toEqual(burst.map(() => true));
  expect(asked).toBe(2);
});

test("where the announcements can't be read, it isn't said that nobody hosts a workflow", async () => {
  const { connect, clock } = await opened();
  const log = Object.assign(Object.create(connect()), {
    openReader: () => Promise.reject(new Error("no permission")),
  }) as MessageLog;
  const known = follow(log, clock);
  await new Promise((resolve) => setImmediate(resolve));
  expect(known.isHosted("placeOrder")).toBeUndefined();
});

test("what something has to fit is what the workers that are there have announced of just that", async () => {
  const { connect, clock } = await opened();
  const producers = new TopicProducers(connect());
  const text = { type: "string" } as const;
  const number = { type: "number" } as const;
  const define = (message: Parameters<typeof encodeDefinitionMessage>[0]) =>
    producers.send(topics.workflows, {
      key: definitionKey(message),
      payload: encodeDefinitionMessage(message),
    });
  await define({
    workflow: "order",
    build: "1",
    definition: "a",
    input: text,
    signals: { approval: number },
  });
  await define({ workflow: "bare", build: "1", definition: "b" });
  await define({ jobType: "charge", build: "1", definition: "c", input: number, output: text });
  const alive = (definitions: Record<string, string>, jobs: { type: string; definition: string }[]) =>
    producers.send(topics.workers, {
      key: "w",
      payload: encodeWorkerMessage({
        type: "alive",
        id: "w",
        name: "w",
        host: "h",
        build: "1",
        sdk: "0.1.0",
        startedAt: 1,
        everyMs: 10_000,
        jobs: jobs.map((job) => ({ ...job, concurrency: 1 })),
        workflows: Object.keys(definitions),
        definitions,
      }),
    });
  await alive({ order: "a", bare: "b" }, [{ type: "charge", definition: "c" }]);
  const known = follow(connect(), clock);
  const value = "1";
  const start = (workflow: string) => ({ type: "start", workflow, value }) as const;
  const signal = (name: string) => ({ type: "signal", workflow: "order", name, value }) as const;
  const ofJob = (type: "jobInput" | "jobOutput", jobType = "charge") =>
    ({ type, jobType, jobId: "j1", value }) as const;
  expect(known.schemasFor(start("order"))).toBeUndefined();
  await known.ready;
  expect(known.schemasFor(start("order"))).toEqual([text]);
  expect(known.schemasFor(signal("approval"))).toEqual([number]);
  expect(known.schemasFor(ofJob("jobInput"))).toEqual([number]);
  expect(known.schemasFor(ofJob("jobOutput"))).toEqual([text]);
  for (const anything of [
    start("bare"),
    start("none"),
    signal("other"),
    signal("constructor"),
    ofJob("jobInput", "none"),
  ])
    expect(known.schemasFor(anything), JSON.stringify(anything)).toBeUndefined();
  const all = [start("order"), signal("approval"), ofJob("jobInput"), ofJob("jobOutput")];
  expect(all.map((handed) => known.lacksSchemasFor(handed))).toEqual([false, false, false, false]);
  await alive({ order: "new" }, [{ type: "charge", definition: "c" }]);
  await until("the new definition is missed", () => known.lacksSchemasFor(start("order")));
  expect(all.map((handed) => known.lacksSchemasFor(handed))).toEqual([true, true, false, false]);
  await alive({ order: "a" }, [{ type: "charge", definition: "new" }]);
  await until("the job's is missed", () => known.lacksSchemasFor(ofJob("jobInput")));
  expect(all.map((handed) => known.lacksSchemasFor(handed))).toEqual([false, false, true, true]);
  // One of two says nothing of what it takes: anything may be right.
  await define({ workflow: "order", build: "2", definition: "d" });
  await alive({ order: "d" }, []);
  await until("the other one is read", () => known.schemasFor(start("order")) === undefined);
});
