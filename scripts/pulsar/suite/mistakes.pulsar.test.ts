import type { EngineObserver } from "@downbeat/engine";
import { subscriptions, topics } from "@downbeat/protocol";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { benchBooking } from "../../../apps/travel/src/bench-workflow.ts";
import { until } from "../../lib/processes.ts";
import { expectOnce, InProcess, ids, owning, waits } from "./in-process.ts";

/** What operators do to a cluster by mistake or routine: what is said, and how it recovers. */
const within = { timeout: 120_000 };

let own: InProcess;
beforeEach(async () => {
  own = await InProcess.open("mistakes");
});
afterEach(() => own.close());

const jobType = "benchPayment";
const pathOf = (topic: string) => `persistent/public/${own.namespace}/${topic}`;
const path = () => pathOf(topics.jobs(jobType));

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
async function makeJobTopic(): Promise<void> {
  await own.admin("PUT", path());
  await own.admin("PUT", `${path()}/subscription/${subscriptions.workers}`, {
    ledgerId: -1,
    entryId: -1,
    partitionIndex: -1,
  });
}

interface Started {
  /** All of them complete, by the attempts that were requested at first. */
  readonly completeOnce: () => Promise<void>;
}

async function started(prefix: string, count: number): Promise<Started> {
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

async function held(): Promise<number> {
  return (await own.log.backlogOf(topics.jobs(jobType), subscriptions.workers))?.messages ?? 0;
}

describe("attempts that are lost from the topic of their job type", () => {
  const lost: Readonly<Record<string, () => Promise<unknown>>> = {
    "a backlog that was skipped": () =>
      own.admin("POST", `${path()}/subscription/${subscriptions.workers}/skip_all`),
    "a topic that was deleted": () => own.admin("DELETE", `${path()}?force=true`),
    "messages that expired": async () => {
      await until(async () => {
        await own.admin("POST", `${path()}/subscription/${subscriptions.workers}/expireMessages/1`);
        return (await held()) === 0;
      }, 20_000);
    },
  };

  for (const [what, lose] of Object.entries(lost))
    test(
      `${what}: the same attempts are handed over again by themselves, and it is said`,
      within,
      async () => {
        await makeJobTopic();
        const said = new Said();
        await owning(own.startEngine("one", { observer: said }));
        const bookings = await started("lost", 20);
        expect(await until(async () => (await held()) === 20, 20_000)).toBe(true);
        await lose();
        expect(await until(() => (said.handedOver.get(jobType) ?? 0) >= 20, 60_000)).toBe(true);
        own.startWorker();
        await bookings.completeOnce();
        expect(said.handedOver.get(jobType)).toBe(20);
        expect(said.drops).toEqual([]);
      },
    );
});

test(
  "a topic that was terminated: it is named with its state, everything else goes on, and when it is made anew all of it completes",
  within,
  async () => {
    await makeJobTopic();
    await own.admin("POST", `${path()}/terminate`);
    const said = new Said();
    const engine = own.startEngine("one", { observer: said });
    await owning(engine);
    const bookings = await started("ended", 10);
    const topic = topics.jobs(jobType);
    expect(await until(() => engine.refusals.has(topic), 20_000)).toBe(true);
    expect(engine.refusals.get(topic)).toMatch(/terminated/);
    // A run that needs another topic, or none.
    const other = await own.newClient().start(waits, undefined);
    await other.signal("go");
    await other.result();
    expect(said.drops).toEqual([]);

    await own.admin("DELETE", `${path()}?force=true`);
    await makeJobTopic();
    own.startWorker();
    await bookings.completeOnce();
    expect(said.taken.has(topic)).toBe(true);
    expect(engine.refusals.size).toBe(0);
    expect(said.drops).toEqual([]);
  },
);
