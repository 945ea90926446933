import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openCluster, setUp } from "@downbeat/cluster/setup";
import { partitionOf } from "@downbeat/domain";
import type { EngineObserver } from "@downbeat/engine";
import { subscriptions, topics } from "@downbeat/protocol";
import { describe, expect, inject, test } from "vitest";
import { benchBooking, benchJobs } from "../../../apps/travel/src/bench-workflow.ts";
import { sleep, until } from "../../lib/processes.ts";
import { expectOnce, InProcess, ids, owning, partitions, waits } from "./in-process.ts";
import { ShownRuns } from "./shown-runs.ts";

/** What operators do to a cluster by mistake or routine: what is said, and how it recovers. */
const within = { timeout: 120_000 };

const jobType = "benchPayment";
const topic = topics.jobs(jobType);
const pathOf = (own: InProcess) => `persistent/public/${own.namespace}/${topic}`;

let count = 0;
/** Each has a namespace of its own, so that they can all be tried at the same time. */
function inNamespace(name: string, run: (own: InProcess, shown: ShownRuns) => Promise<void>): void {
  test.concurrent(name, within, async () => {
    count += 1;
    const own = await InProcess.open(`mistakes-${count}`);
    const folder = mkdtempSync(join(tmpdir(), "downbeat-mistakes-"));
    const shown = new ShownRuns(own.log, folder);
    try {
      await run(own, shown);
    } finally {
      await shown.close();
      await own.close();
      rmSync(folder, { recursive: true, force: true });
    }
  });
}

/** What an engine said while it ran. */
class Said implements EngineObserver {
  readonly handedOver = new Map<string, number>();
  readonly drops: string[] = [];
  readonly refused = new Map<string, string>();
  readonly taken = new Set<string>();

  handedOverAgain(type: string, attempts: number): void {
    this.handedOver.set(type, (this.handedOver.get(type) ?? 0) + attempts);
  }

  dropped(_: number, reason: string): void {
    this.drops.push(reason);
  }

  topicRefuses(topic: string, reason: string): void {
    this.refused.set(topic, reason);
  }

  topicTakes(topic: string): void {
    this.taken.add(topic);
  }
}

/** As `downbeat setup --jobs` makes it. */
async function makeJobTopic(own: InProcess): Promise<void> {
  // Somebody who sends may have had it made already.
  await own.admin("PUT", pathOf(own)).catch((error: Error) => {
    if (!error.message.includes(": 409 ")) throw error;
  });
  await own.admin("PUT", `${pathOf(own)}/subscription/${subscriptions.workers}`, earliest);
}

const earliest = { ledgerId: -1, entryId: -1, partitionIndex: -1 };

/** A run's id whose commands go to that partition. */
function idIn(partition: number): string {
  let index = 0;
  while (partitionOf(`skipped-${index}`, partitions) !== partition) index++;
  return `skipped-${index}`;
}

interface Started {
  /** All of them complete, by the attempts that were requested at first. */
  readonly completeOnce: () => Promise<void>;
}

async function started(own: InProcess, prefix: string, count: number): Promise<Started> {
  const booking = own.newClient();
  const runIds = ids(prefix, count);
  const runs = await Promise.all(
    runIds.map((runId) => booking.start(benchBooking, { tripId: runId, amountCents: 1 }, { runId })),
  );
  return {
    completeOnce: async () => {
      await Promise.all(runs.map((run) => run.result()));
      await expectOnce(own.log, runIds);
    },
  };
}

async function held(own: InProcess): Promise<number> {
  return (await own.log.backlogOf(topic, subscriptions.workers))?.messages ?? 0;
}

/** The dashboard's banner and the server's readiness name the topic, with what the log says. */
async function isShown(shown: ShownRuns, reason: RegExp): Promise<void> {
  const isNamed = await until(() => reason.test(shown.refusing.get(topic) ?? ""), 40_000);
  expect(isNamed, JSON.stringify([...shown.refusing])).toBe(true);
}

/** A run that needs another topic, or none, begins and ends. */
async function otherWorkGoesOn(own: InProcess): Promise<void> {
  const other = await own.newClient().start(waits, undefined);
  await other.signal("go");
  await other.result();
}

describe("attempts that are lost from the topic of their job type", () => {
  const lost: Readonly<Record<string, (own: InProcess) => Promise<unknown>>> = {
    "a backlog that was skipped": (own) =>
      own.admin("POST", `${pathOf(own)}/subscription/${subscriptions.workers}/skip_all`),
    // Made again by `downbeat setup`, or by the next worker that comes.
    "a topic that was deleted": async (own) => {
      // A broker that is at something else with the topic refuses for a moment.
      const isDeleted = () =>
        own.admin("DELETE", `${pathOf(own)}?force=true`).then(
          () => true,
          (error: Error) => error.message.includes(": 404 "),
        );
      expect(await until(isDeleted, 20_000)).toBe(true);
      await makeJobTopic(own);
    },
    "messages that expired": (own) =>
      until(async () => {
        const expire = `${pathOf(own)}/subscription/${subscriptions.workers}/expireMessages/1`;
        await own.admin("POST", expire).catch((error: Error) => {
          // 409: the request before is still at work, or there is nothing left to expire.
          if (!error.message.includes(": 409 ")) throw error;
        });
        return (await held(own)) === 0;
      }, 20_000),
  };

  for (const [what, lose] of Object.entries(lost))
    inNamespace(
      `${what}: the same attempts are handed over again by themselves, and it is said`,
      async (own) => {
        await makeJobTopic(own);
        const said = new Said();
        await owning(own.startEngine("one", { observer: said }));
        const bookings = await started(own, "lost", 20);
        expect(await until(async () => (await held(own)) === 20, 20_000)).toBe(true);
        await lose(own);
        expect(await until(() => (said.handedOver.get(jobType) ?? 0) >= 20, 60_000)).toBe(true);
        own.startWorker();
        await bookings.completeOnce();
        expect(said.handedOver.get(jobType)).toBe(20);
        expect(said.drops).toEqual([]);
      },
    );
});

inNamespace(
  "commands that were skipped from the inbox: their senders are told that they are lost, and sending them again is all it takes",
  async (own) => {
    const inboxes = Array.from({ length: partitions }, (_, partition) => topics.inbox(partition));
    const atEngine = (inbox: string) =>
      `persistent/public/${own.namespace}/${inbox}/subscription/${subscriptions.engine}`;
    for (const inbox of inboxes) await own.admin("PUT", atEngine(inbox), earliest);
    const runIds = inboxes.map((_, partition) => idIn(partition));
    const booking = own.newClient();
    const starting = runIds.map((runId) =>
      booking.start(waits, undefined, { runId }).then(
        () => "accepted",
        (error: Error) => error.name,
      ),
    );
    const holds = async (inbox: string) =>
      (await own.log.backlogOf(inbox, subscriptions.engine))?.messages === 1;
    for (const inbox of inboxes) expect(await until(() => holds(inbox), 20_000)).toBe(true);
    for (const inbox of inboxes) await own.admin("POST", `${atEngine(inbox)}/skip_all`);
    await owning(own.startEngine("one"));
    expect(await Promise.all(starting)).toEqual(inboxes.map(() => "CommandLostError"));
    await Promise.all(runIds.map((runId) => booking.start(waits, undefined, { runId })));
  },
);

inNamespace(
  "a topic that was terminated: it is named with its state, everything else goes on, and when it is made again all of it completes",
  async (own, shown) => {
    await makeJobTopic(own);
    await own.admin("POST", `${pathOf(own)}/terminate`);
    const said = new Said();
    const engine = own.startEngine("one", { observer: said });
    await owning(engine);
    const bookings = await started(own, "ended", 10);
    expect(await until(() => engine.refusals.has(topic), 20_000)).toBe(true);
    expect(engine.refusals.get(topic)).toMatch(/terminated/);
    await isShown(shown, /terminated/);
    await otherWorkGoesOn(own);
    expect(said.drops).toEqual([]);

    await own.admin("DELETE", `${pathOf(own)}?force=true`);
    await makeJobTopic(own);
    own.startWorker();
    await bookings.completeOnce();
    expect(said.taken.has(topic)).toBe(true);
    expect(engine.refusals.size).toBe(0);
    expect(said.drops).toEqual([]);
  },
);

inNamespace(
  "a topic that is missing where none is made by itself: it is named, everything else goes on, and set-up mends it",
  async (own, shown) => {
    await own.admin("POST", `namespaces/public/${own.namespace}/autoTopicCreation`, {
      allowAutoTopicCreation: false,
    });
    const said = new Said();
    const engine = own.startEngine("one", { observer: said });
    await owning(engine);
    const bookings = await started(own, "missing", 10);
    expect(await until(() => engine.refusals.has(topic), 20_000)).toBe(true);
    expect(engine.refusals.get(topic)).toMatch(/404/);
    await isShown(shown, /there is no such topic/);
    await otherWorkGoesOn(own);
    const cluster = openCluster({ serviceUrl: inject("pulsar"), adminUrl: own.adminUrl });
    const jobTypes = Object.values(benchJobs).map(({ name }) => name);
    for await (const _ of setUp(cluster, { tenant: "public", namespace: own.namespace, jobTypes }));
    cluster.close();
    own.startWorker();
    await bookings.completeOnce();
    expect(said.drops).toEqual([]);
  },
);

inNamespace(
  "a small backlog quota: the broker answers its operator all the time, the topic is named with the quota, and when it is read everything completes",
  async (own, shown) => {
    await makeJobTopic(own);
    // Of this topic alone, as a namespace's is for each of its topics.
    const limit = { limitSize: 2_000, limitTime: -1, policy: "producer_exception" };
    await own.admin("POST", `${pathOf(own)}/backlogQuota`, limit);
    const said = new Said();
    const engine = own.startEngine("one", { observer: said });
    await owning(engine);
    const bookings = await started(own, "full", 40);
    // Until then it still takes what a connected producer sends.
    const more = await started(own, "more", 10);
    const isNamed = async () => {
      await started(own, `again-${Date.now()}`, 1);
      return /backlog quota/i.test(engine.refusals.get(topic) ?? "");
    };
    expect(await until(isNamed, 45_000, 1_000), engine.refusals.get(topic)).toBe(true);
    await isShown(shown, /backlog quota/);
    let slowest = 0;
    for (let asked = 0; asked < 20; asked++) {
      const since = performance.now();
      await own.admin("GET", `namespaces/public/${own.namespace}`);
      slowest = Math.max(slowest, performance.now() - since);
      await sleep(250);
    }
    expect(slowest).toBeLessThan(2_000);
    await otherWorkGoesOn(own);
    own.startWorker();
    await bookings.completeOnce();
    await more.completeOnce();
    expect(await until(() => shown.refusing.size === 0, 30_000)).toBe(true);
    expect(said.drops).toEqual([]);
  },
);
