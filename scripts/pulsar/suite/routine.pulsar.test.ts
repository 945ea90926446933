import { subscriptions, topics } from "@downbeat/protocol";
import { expect, test } from "vitest";
import { foldHistory } from "../../lib/history-check.ts";
import { until } from "../../lib/processes.ts";
import { book, expectOnce, InProcess, ids, naps, owning, partitions } from "./in-process.ts";

/** What operators do to subscriptions and topics under runs that go on: nothing is lost, nothing done twice. */
const within = { timeout: 180_000 };

const jobsTopic = topics.jobs("benchPayment");

async function withBookings(what: string, disturb: (own: InProcess) => Promise<void>): Promise<void> {
  const own = await InProcess.open(what);
  try {
    await owning(own.startEngine("one"));
    own.startWorker();
    const booking = own.newClient();
    const before = ids("before", 20);
    await book(booking, before);
    const during = ids("during", 20);
    const going = book(booking, during);
    await disturb(own);
    await going;
    const after = ids("after", 20);
    await book(booking, after);
    await expectOnce(own.log, [...before, ...during, ...after], { isCutOff: true });
  } finally {
    await own.close();
  }
}

/** The broker refuses for a moment while somebody connects. */
async function patiently(ask: () => Promise<unknown>): Promise<void> {
  let refusal = "";
  const isDone = () =>
    ask().then(
      () => true,
      (error: Error) => {
        refusal = error.message;
        return false;
      },
    );
  expect(await until(isDone, 30_000), refusal).toBe(true);
}

test("cursors that are set back: what was done is read again, and counts once", within, () =>
  withBookings("set-back", async (own) => {
    const resets = [
      ...Array.from({ length: partitions }, (_, partition) => [
        topics.inbox(partition),
        subscriptions.engine,
      ]),
      [jobsTopic, subscriptions.workers],
    ];
    for (const [topic, subscription] of resets) {
      const path = `persistent/public/${own.namespace}/${topic}/subscription/${subscription}`;
      await patiently(() => own.admin("POST", `${path}/resetcursor/0`));
    }
  }),
);

test(
  "subscriptions that are deleted under engine and workers are made again, and nothing is lost",
  within,
  () =>
    withBookings("no-cursor", async (own) => {
      const deleted = [
        ...Array.from({ length: partitions }, (_, partition) => [
          topics.inbox(partition),
          subscriptions.engine,
        ]),
        [jobsTopic, subscriptions.workers],
      ];
      for (const [topic, subscription] of deleted) {
        const path = `persistent/public/${own.namespace}/${topic}/subscription/${subscription}`;
        await patiently(() => own.admin("DELETE", `${path}?force=true`));
      }
    }),
);

test(
  "the topic of timers is deleted while runs sleep: each wakes all the same, and once",
  within,
  async () => {
    const own = await InProcess.open("no-timers");
    try {
      await owning(own.startEngine("one"));
      const sleeping = own.newClient();
      const runs = await Promise.all(
        ids("nap", 20).map((runId) => sleeping.start(naps, undefined, { runId })),
      );
      await patiently(() =>
        own.admin("DELETE", `persistent/public/${own.namespace}/${topics.timers}?force=true`),
      );
      await Promise.all(runs.map((run) => run.result()));
      const fold = await foldHistory(own.log);
      expect(fold.violations).toEqual([]);
      for (const { state, terminalEvents, firedAfterMs } of fold.runs.values()) {
        expect(state.status).toBe("completed");
        expect([terminalEvents, firedAfterMs.length]).toEqual([1, 1]);
        expect(firedAfterMs[0]).toBeGreaterThanOrEqual(0);
      }
    } finally {
      await own.close();
    }
  },
);
