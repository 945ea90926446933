import { execFileSync } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { MessageLog, Producer } from "@downbeat/message-log";
import { ManualClock } from "@downbeat/message-log/testing";
import { Catalogue, topics } from "@downbeat/protocol";
import { expect, onTestFinished, test } from "vitest";
import { z } from "zod";
import { hostedWorkflow } from "../src/decisions/threads/hosted-workflow.ts";
import { workflow } from "../src/index.ts";
import { Announcing } from "../src/worker/announcing.ts";
import { defaultBuild } from "../src/worker/build.ts";
import { worker } from "../src/worker/index.ts";
import { openTestLog, sending, until } from "./open-log.ts";

const described = {
  id: "1",
  name: "shop-1",
  host: "h",
  build: "7",
  sdk: "0.1.0",
};
const jobs = [{ jobType: "charge", concurrency: 5 }];

async function follow(log: MessageLog) {
  const catalogue = new Catalogue();
  const heard: number[] = [];
  await log.openReader(topics.workers, {
    from: "earliest",
    onMessage: (message) => {
      catalogue.takeWorker(message, performance.now());
      heard.push(message.publishTime);
    },
  });
  await log.openReader(topics.workflows, {
    from: "earliest",
    onMessage: (message) => void catalogue.takeWorkflow(message, performance.now()),
  });
  return { catalogue, heard, now: () => performance.now() };
}

test("a worker is in the catalogue from its start to its stop, with what it does", async () => {
  await using opened = await openTestLog();
  const { catalogue, heard, now } = await follow(opened.connect());
  const hosted = worker({
    log: opened.log,
    name: "payments",
    build: "2026-12-01.3",
    concurrency: 7,
    jobs: { charge: () => null, refund: { handler: () => null, concurrency: 2 } },
  });
  await until(() => catalogue.workers(now()).length === 1);
  expect(catalogue.workers(now())).toMatchObject([
    {
      name: "payments",
      build: "2026-12-01.3",
      sdk: "0.1.0",
      jobs: [
        { type: "charge", concurrency: 7 },
        { type: "refund", concurrency: 2 },
      ],
      workflows: [],
    },
  ]);
  await hosted.stop();
  await until(() => heard.length === 2);
  expect(catalogue.workers(now())).toEqual([]);
});

test("each time it says how much it has in hand", async () => {
  await using opened = await openTestLog();
  const { catalogue, heard, now } = await follow(opened.connect());
  const clock = new ManualClock();
  let inHand = 3;
  const announcing = new Announcing({
    log: opened.log,
    clock,
    worker: described,
    jobs,
    workflows: [],
    inHand: () => inHand,
    onProblem: () => {},
  });
  await until(() => heard.length === 1);
  expect(catalogue.workers(now())).toMatchObject([{ jobs: [{ type: "charge", concurrency: 5, inHand: 3 }] }]);
  inHand = 0;
  await clock.advance(10_000);
  await until(() => heard.length === 2);
  expect(catalogue.workers(now())).toMatchObject([{ jobs: [{ inHand: 0 }] }]);
  await announcing.stop();
});

test("it says so again every ten seconds, and of its workflows once, with their schemas", async () => {
  await using opened = await openTestLog();
  const { catalogue, heard, now } = await follow(opened.connect());
  const clock = new ManualClock();
  const order = z.object({ orderNumber: z.string(), cents: z.int().default(0) });
  const announcing = new Announcing({
    log: opened.log,
    clock,
    worker: described,
    jobs: [{ jobType: "charge", concurrency: 5, inputSchema: z.string(), outputSchema: z.number() }],
    workflows: [
      workflow("placeOrder", { input: order, signals: { approval: z.boolean() } }, async () => {}),
      workflow("untyped", async () => {}),
    ].map(hostedWorkflow),
    onProblem: () => {},
  });
  await until(() => catalogue.workflows.length === 2);
  expect(catalogue.workflow("placeOrder")).toMatchObject({
    build: "7",
    input: {
      type: "object",
      properties: { orderNumber: { type: "string" }, cents: { type: "integer", default: 0 } },
      required: ["orderNumber"],
    },
    signals: { approval: { type: "boolean" } },
  });
  expect(catalogue.workflow("untyped")).toEqual({
    workflow: "untyped",
    build: "7",
    definition: expect.any(String),
    announcedAt: expect.any(Number),
  });
  await until(() => catalogue.jobTypes.length === 1);
  expect(catalogue.jobType("charge")).toMatchObject({
    input: { type: "string" },
    output: { type: "number" },
  });
  await until(() => catalogue.isHosted("untyped", now()));
  // Whoever is there says which of the definitions are its own.
  expect(catalogue.definitionsOfWorkflow("placeOrder", now())).toEqual([catalogue.workflow("placeOrder")]);
  expect(catalogue.definitionsOfJobType("charge", now())).toEqual([catalogue.jobType("charge")]);
  await clock.advance(10_000);
  await until(() => heard.length === 2);
  await announcing.stop();
  await until(() => !catalogue.isHosted("untyped", now()));
  await clock.advance(60_000);
  expect(heard).toHaveLength(3);
});

test("a log that takes no announcements is told of once, and announced to when it does", async () => {
  await using opened = await openTestLog();
  const clock = new ManualClock();
  let isOpen = false;
  const problems: string[] = [];
  const log = Object.assign(Object.create(opened.log), {
    openProducer: (topic: string) =>
      isOpen ? opened.log.openProducer(topic) : Promise.reject(new Error("no permission")),
  }) as MessageLog;
  const announcing = new Announcing({
    log,
    clock,
    worker: described,
    jobs,
    workflows: [],
    onProblem: (problem, error) => problems.push(`${problem} ${error.message}`),
  });
  await clock.advance(10_000);
  await clock.advance(10_000);
  await until(() => problems.length > 0);
  expect(problems).toEqual(["The worker can't announce itself: it works, but is in no list. no permission"]);
  isOpen = true;
  const { catalogue, now } = await follow(opened.connect());
  await clock.advance(10_000);
  await until(() => catalogue.workers(now()).length === 1);
  await announcing.stop();
});

test("while the log takes nothing, one announcement waits for it, however long that lasts", async () => {
  await using opened = await openTestLog();
  const clock = new ManualClock();
  const isBack = Promise.withResolvers<void>();
  let [asked, sent] = [0, 0];
  const log = Object.assign(Object.create(opened.log), {
    openProducer: async (topic: string) => {
      const producer = await opened.log.openProducer(topic);
      const send: Producer["send"] = async (message) => {
        asked++;
        await isBack.promise;
        sent++;
        return producer.send(message);
      };
      return Object.assign(Object.create(producer), { send });
    },
  }) as MessageLog;
  const onProblem = (problem: string) => expect.unreachable(problem);
  const announcing = new Announcing({ log, clock, worker: described, jobs: [], workflows: [], onProblem });
  await until(() => asked === 1);
  for (let beats = 0; beats < 100; beats++) await clock.advance(10_000);
  expect(asked).toBe(1);
  isBack.resolve();
  await until(async () => {
    await clock.advance(10_000);
    return sent > 1;
  });
  await announcing.stop();
});

test("that the log goes away while it stops is no problem any more", async () => {
  await using opened = await openTestLog();
  const gone = Promise.withResolvers<never>();
  gone.promise.catch(() => {});
  let asked = 0;
  const log = sending(opened.log, () => () => {
    asked++;
    return gone.promise;
  });
  const problems: string[] = [];
  const onProblem = (problem: string) => void problems.push(problem);
  const clock = new ManualClock();
  const announcing = new Announcing({ log, clock, worker: described, jobs: [], workflows: [], onProblem });
  await until(() => asked === 1);
  const stopped = announcing.stop();
  gone.reject(new Error("The log is closed."));
  await stopped;
  await announcing.said;
  await clock.advance(60_000);
  expect(problems).toEqual([]);
  expect(asked).toBe(2);
});

test("who stops does not wait for a goodbye that the log doesn't take", async () => {
  await using opened = await openTestLog();
  const clock = new ManualClock();
  const log = sending(opened.log, () => () => new Promise(() => {}));
  const onProblem = (problem: string) => expect.unreachable(problem);
  const announcing = new Announcing({ log, clock, worker: described, jobs: [], workflows: [], onProblem });
  const stopped = announcing.stop();
  await clock.advance(2_000);
  await stopped;
});

test("what a worker does is announced several at a time, though never all at once, and again where the log refused some", async () => {
  await using opened = await openTestLog();
  const { catalogue, now } = await follow(opened.connect());
  const clock = new ManualClock();
  let [underWay, most, refusals] = [0, 0, 0];
  const log = Object.assign(Object.create(opened.log), {
    openProducer: async (topic: string) => {
      const producer = await opened.log.openProducer(topic);
      const send: Producer["send"] = async (message) => {
        most = Math.max(most, ++underWay);
        await new Promise((resolve) => setImmediate(resolve));
        underWay--;
        if (topic === topics.workflows && refusals++ % 10 === 3) throw new Error("no room");
        return producer.send(message);
      };
      return Object.assign(Object.create(producer), { send });
    },
  }) as MessageLog;
  const announcing = new Announcing({
    log,
    clock,
    worker: described,
    jobs: Array.from({ length: 200 }, (_, number) => ({ jobType: `job-${number}`, concurrency: 1 })),
    workflows: [],
    onProblem: (problem) => expect(problem).toContain("can't announce itself"),
  });
  await announcing.said;
  expect(catalogue.workers(now())).toEqual([]);
  await until(async () => {
    await clock.advance(10_000);
    return catalogue.workers(now()).length === 1;
  });
  expect(catalogue.jobTypes).toHaveLength(200);
  expect(most).toBeGreaterThan(4);
  expect(most).toBeLessThan(30);
  await announcing.stop();
});

test("the build is the version of the nearest package and the commit of its git folder", async () => {
  const folder = await mkdtemp(join(tmpdir(), "downbeat-build-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  await mkdir(join(folder, "app", "src"), { recursive: true });
  const git = (...args: string[]) =>
    execFileSync("git", ["-C", folder, "-c", "user.name=a", "-c", "user.email=a@example.com", ...args], {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    }).trim();
  git("init", "-q");
  expect(defaultBuild(join(folder, "app", "src"))).not.toContain("+");
  await writeFile(join(folder, "app", "package.json"), '{ "version": "2.4.0" }');
  await writeFile(join(folder, "package.json"), '{ "version": "9.9.9" }');
  git("commit", "-q", "--allow-empty", "-m", "first");
  const commit = git("rev-parse", "HEAD").slice(0, 7);
  expect(defaultBuild(join(folder, "app", "src"))).toBe(`2.4.0+${commit}`);
  git("pack-refs", "--all");
  expect(defaultBuild(join(folder, "app", "src"))).toBe(`2.4.0+${commit}`);
  git("checkout", "-q", "--detach");
  expect(defaultBuild(folder)).toBe(`9.9.9+${commit}`);
  git("worktree", "add", "-q", "-b", "other", join(folder, "tree"));
  expect(defaultBuild(join(folder, "tree"))).toBe(`9.9.9+${commit}`);
  await writeFile(join(folder, "app", "package.json"), "{");
  expect(defaultBuild(join(folder, "app"))).toBe(`9.9.9+${commit}`);
});
