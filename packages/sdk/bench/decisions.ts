import type { RecordedEvent } from "@downbeat/protocol";
import { inProcessDecisions } from "../src/decisions/index.ts";
import { DrivenRun } from "../src/decisions/test/driven-run.ts";
import { job, workflow } from "../src/index.ts";

// Decisions a second: with live coroutines, a thousand runs asked at a time, and by replay of whole histories.
const pay = job<{ amount: number }, { receipt: string }>("pay");
const refund = job<{ receipt: string }>("refund");
const step = job<{ amount: number }, { receipt: string }>("step");
const booking = workflow("bench", async (run, amount: number) => {
  const receipt = await run.job(pay, { amount });
  run.compensate(refund, receipt);
  await run.job(step, { amount });
  await run.job(step, { amount });
  await run.job(step, { amount });
  return receipt;
});
const long = workflow("long", async (run, steps: number) => {
  for (let i = 0; i < steps; i++) await run.job(step, { amount: i });
});
const service = inProcessDecisions([booking, long]);

async function recorded(name: string, input: unknown, jobs: number): Promise<readonly RecordedEvent[]> {
  const run = new DrivenRun(name, service.openSession());
  await run.start(input);
  for (let i = 1; i <= jobs; i++) await run.complete(`j${i}`, { receipt: "r" });
  return run.history;
}

function report(benchmark: string, decisions: number, ms: number): void {
  const perSecond = Math.round(decisions / (ms / 1_000));
  console.log(
    JSON.stringify({
      benchmark,
      decisions,
      ms: Math.round(ms),
      perSecond,
      microseconds: (ms * 1_000) / decisions,
    }),
  );
}

const history = await recorded("bench", 5, 4);
const prefixes = history.flatMap(({ event }, index) =>
  event.type === "RunStarted" || event.type === "JobCompleted" ? [history.slice(0, index + 1)] : [],
);

async function cached(runs: number, together: number): Promise<number> {
  const session = service.openSession();
  const start = performance.now();
  for (let first = 0; first < runs; first += together) {
    for (const prefix of prefixes) {
      const asked: Promise<unknown>[] = [];
      for (let i = first; i < first + together; i++) {
        asked.push(session.ask({ runId: `r${i}`, workflow: "bench", history: prefix }));
      }
      await Promise.all(asked);
    }
    for (let i = first; i < first + together; i++) session.forget(`r${i}`);
  }
  return performance.now() - start;
}

await cached(20_000, 1_000);
for (const together of [1, 10, 1_000]) {
  report(`cached, ${together} together`, 100_000 * prefixes.length, await cached(100_000, together));
}

async function replayed(workflow: string, events: readonly RecordedEvent[], times: number): Promise<number> {
  const start = performance.now();
  const session = service.openSession();
  for (let i = 0; i < times; i++) {
    await session.ask({ runId: "r", workflow, history: events });
    session.forget("r");
  }
  return performance.now() - start;
}

const longHistory = (await recorded("long", 2_000, 1_999)).slice();
await replayed("bench", history, 20_000);
report(`replayed, ${history.length} events`, 100_000, await replayed("bench", history, 100_000));
report(`replayed, ${longHistory.length} events`, 200, await replayed("long", longHistory, 200));
