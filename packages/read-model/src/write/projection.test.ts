import fc from "fast-check";
import { expect, test } from "vitest";
import { openCache } from "../cache.ts";
import { everyEvent } from "../test/every-event.ts";
import { decisionsOf, HistoryLog, historyOf } from "../test/history-log.ts";
import { randomRun } from "../test/random-run.ts";
import { dump, scratchFile } from "../test/scratch.ts";
import { Projection } from "./projection.ts";

const small = { maxOpenRuns: 2 };

/** Where the flushes fell makes no difference: steps of a run that share one are one row, and a status that a run has left counts 0. */
function comparable(tables: Record<string, unknown[]>): Record<string, unknown[]> {
  const steps = (tables.steps ?? []).flatMap((row) => {
    const { run, json } = JSON.parse(String(row));
    return JSON.parse(json).map((step: unknown) => JSON.stringify({ run, step }));
  });
  const counters = (tables.counters ?? []).filter((row) => JSON.parse(String(row)).n !== 0);
  return { ...tables, steps: steps.sort(), counters };
}

function project(log: HistoryLog): Record<string, unknown[]> {
  const cache = openCache(scratchFile(), "test");
  const projection = new Projection(cache);
  for (const message of log.messages) projection.take(0, message);
  projection.flush();
  const tables = comparable(dump(cache.db));
  cache.close();
  return tables;
}

const drawnRuns = fc.array(fc.array(fc.nat(100_000), { minLength: 1, maxLength: 25 }), {
  minLength: 1,
  maxLength: 5,
});
const noise = fc.array(fc.record({ at: fc.nat(200), kind: fc.nat(4) }), { maxLength: 12 });
/** A life of the projection: how many messages it is given again, how many new ones it takes, and after which of them it flushes. */
const lives = fc.array(
  fc.record({ again: fc.nat(6), takes: fc.nat(30), flushEvery: fc.integer({ min: 1, max: 12 }) }),
  {
    maxLength: 12,
  },
);

function noisyHistory(
  choices: readonly (readonly number[])[],
  disturbances: readonly { at: number; kind: number }[],
): { noisy: HistoryLog; clean: HistoryLog } {
  const runs = choices.map((drawn, index) => randomRun(`run-${index}`, 1_000 + index * 17, drawn));
  const noisy = new HistoryLog().claim();
  const clean = new HistoryLog().claim();
  decisionsOf(runs).forEach(({ at, decision }, index) => {
    for (const disturbance of disturbances) {
      if (disturbance.at !== index) continue;
      if (disturbance.kind === 0) noisy.zombie([decision]);
      else if (disturbance.kind === 1) noisy.lateClaim();
      else if (disturbance.kind === 2) noisy.repeat(index);
      else if (disturbance.kind === 3) noisy.bytes(Buffer.from('{"kind":"decisions", oops'));
      else {
        noisy.claim("another engine");
        clean.claim("another engine");
      }
    }
    noisy.decide(at, [decision]);
    clean.decide(at, [decision]);
  });
  return { noisy, clean };
}

test("killed at any moment, given records again, disturbed by zombies: the tables end up the same", () => {
  fc.assert(
    fc.property(drawnRuns, noise, lives, (choices, disturbances, plan) => {
      const { noisy } = noisyHistory(choices, disturbances);
      const path = scratchFile();
      let read = 0;
      for (const life of [...plan, { again: 3, takes: Number.POSITIVE_INFINITY, flushEvery: 7 }]) {
        const cache = openCache(path, "test");
        const projection = new Projection(cache, small);
        const known = projection.position(0);
        read = known === undefined ? 0 : noisy.messages.findIndex(({ position }) => position === known) + 1;
        const from = Math.max(0, read - life.again);
        const messages = noisy.messages.slice(from, read + life.takes);
        messages.forEach((message, index) => {
          projection.take(0, message);
          if (index % life.flushEvery === 0) projection.flush();
        });
        // The last life writes everything; the others are killed with what they had not written.
        if (life.takes === Number.POSITIVE_INFINITY) projection.flush();
        cache.close();
      }
      const cache = openCache(path, "test");
      const tables = comparable(dump(cache.db));
      cache.close();
      expect(tables).toEqual(project(noisy));
    }),
    { numRuns: 40 },
  );
});

test("what the accept rule leaves out leaves no trace but its place", () => {
  fc.assert(
    fc.property(drawnRuns, noise, (choices, disturbances) => {
      const { noisy, clean } = noisyHistory(choices, disturbances);
      const without = ({
        partitions: _,
        ignored_records: __,
        left_out: ___,
        ...tables
      }: Record<string, unknown[]>) => tables;
      expect(without(project(noisy))).toEqual(without(project(clean)));
    }),
    { numRuns: 40 },
  );
});

test("when the tables can't be written, nothing of the batch is, and another projection goes on", () => {
  const path = scratchFile();
  const log = historyOf(everyEvent());
  const cache = openCache(path, "test");
  const projection = new Projection(cache);
  for (const message of log.messages.slice(0, 5)) projection.take(0, message);
  projection.flush();
  const before = dump(cache.db);
  for (const message of log.messages.slice(5)) projection.take(0, message);
  cache.db.exec("CREATE TRIGGER no BEFORE INSERT ON job_figures BEGIN SELECT RAISE(ABORT, 'disk full'); END");
  expect(() => projection.flush()).toThrow("disk full");
  cache.close();

  const again = openCache(path, "test");
  again.db.exec("DROP TRIGGER IF EXISTS no");
  expect(dump(again.db)).toEqual(before);
  const next = new Projection(again);
  for (const message of log.messages) next.take(0, message);
  next.flush();
  expect(comparable(dump(again.db))).toEqual(project(log));
  again.close();
});

test("counters are what the runs are", () => {
  fc.assert(
    fc.property(drawnRuns, (choices) => {
      const tables = project(noisyHistory(choices, []).noisy);
      const counted = new Map<string, number>();
      for (const row of tables.runs ?? []) {
        const { workflow, shown } = JSON.parse(String(row));
        counted.set(`${workflow}/${shown}`, (counted.get(`${workflow}/${shown}`) ?? 0) + 1);
      }
      const kept = (tables.counters ?? []).map((row) => JSON.parse(String(row))).filter(({ n }) => n !== 0);
      expect(new Map(kept.map(({ workflow, shown, n }) => [`${workflow}/${shown}`, n]))).toEqual(counted);
    }),
    { numRuns: 60 },
  );
});

test("a command to a run that does not exist is kept where an operator looks", () => {
  const log = new HistoryLog().claim().decide(5, [
    {
      runId: "nobody",
      workflow: "",
      inputId: "i1",
      seq: 0,
      events: [
        {
          type: "CommandRefused",
          command: "RetryJob",
          code: "UnknownRun",
          message: "There is no run nobody.",
          jobId: "j1",
          action: { actionId: "a1", actor: "ada", reason: "try" },
        },
      ],
    },
  ]);
  const tables = project(log);
  expect(tables.refusals).toHaveLength(1);
  expect(tables.actions?.[0]).toContain("There is no run nobody.");
  expect(tables.runs).toEqual([]);
});
