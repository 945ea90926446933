import fc from "fast-check";
import { expect, test } from "vitest";
import { historyOf } from "../test/history-log.ts";
import { randomRun } from "../test/random-run.ts";
import { withReadModel } from "../test/with-read-model.ts";
import type { AttentionItem } from "../views.ts";
import type { ReadModel } from "./read-model.ts";
import type { WaitCause } from "./wait-cause.ts";

const from = 1_700_000_000_000;
const later = from + 86_400_000;

const histories = fc.array(fc.array(fc.nat(100_000), { minLength: 1, maxLength: 25 }), {
  minLength: 1,
  maxLength: 25,
});

/** Made of the first runs' jobs. */
const waits = fc.subarray<WaitCause>([
  { kind: "noWorker", on: "job", name: "bookHotel" },
  { kind: "backlog", on: "job", name: "bookFlight", longerThanMs: 1_000 },
  { kind: "backlog", on: "job", name: "processPayment", longerThanMs: 86_400_000 },
  { kind: "noHost", on: "code", name: "bookTrip" },
  { kind: "held", on: "run", name: "run-0", workflow: "bookTrip", says: "It is held." },
  { kind: "held", on: "run", name: "run-1", workflow: "bookTrip", says: "It is held." },
]);

/** @param ask is given the read model of these histories */
function withHistories(drawn: readonly (readonly number[])[], ask: (readModel: ReadModel) => void): void {
  const runs = drawn.map((choices, index) => randomRun(`run-${index}`, from + (index % 3), choices));
  withReadModel(historyOf(runs).messages, later, ask);
}

function itemsOf(readModel: ReadModel, causes: readonly WaitCause[], fingerprint?: string): AttentionItem[] {
  const items: AttentionItem[] = [];
  let cursor: string | undefined;
  do {
    const page = readModel.attention({ limit: 3, waits: causes, cursor, fingerprint });
    items.push(...page.items);
    cursor = page.cursor;
  } while (cursor !== undefined);
  return items;
}

const runsOf = (items: readonly AttentionItem[]): number => new Set(items.map(({ runId }) => runId)).size;

test("what needs a person is the same number wherever it is counted, in jobs and in runs", () => {
  fc.assert(
    fc.property(histories, waits, (drawn, causes) =>
      withHistories(drawn, (readModel) => {
        const { open, byJobType } = readModel.overview({ from, to: later });
        const list = readModel.attention({ limit: 1, waits: causes });
        const items = itemsOf(readModel, causes);
        const stuck = items.filter(({ kind }) => kind === "job" || kind === "code" || kind === "history");
        expect(readModel.counts().stuck).toBe(open.stuck);
        expect(readModel.listRuns({ filter: { status: ["stuck"] }, limit: 1 }).count).toBe(open.stuck);
        expect(runsOf(stuck)).toBe(open.stuck);
        expect(list.stuckRuns).toBe(open.stuck);
        expect(list.runs).toBe(runsOf(items));
        expect(list.runs).toBe(list.stuckRuns + list.waitingRuns);
        expect(list.total).toBe(items.length);
        expect(readModel.waitingRuns(causes)).toBe(list.waitingRuns);
        expect(list.causes).toBe(list.groups.length);
        expect(list.groups.reduce((sum, { count }) => sum + count, 0)).toBe(items.length);
        for (const { fingerprint, count, runs, oldest } of list.groups) {
          const own = itemsOf(readModel, causes, fingerprint);
          expect([own.length, runsOf(own), own[0]?.since]).toEqual([count, runs, oldest]);
        }
        for (const { jobType, open: of } of byJobType)
          expect(stuck.filter(({ kind, job }) => kind === "job" && job?.jobType === jobType).length).toBe(
            of.stuck,
          );
      }),
    ),
    {
      numRuns: 60,
      // A run that is held, and whose code has been stuck since the same moment, where a page ends.
      examples: [
        [
          [[48_736, 1_859, 8_434, 0], [10_804]],
          [
            { kind: "backlog", on: "job", name: "bookFlight", longerThanMs: 1_000 },
            { kind: "held", on: "run", name: "run-0", workflow: "bookTrip", says: "It is held." },
            { kind: "held", on: "run", name: "run-1", workflow: "bookTrip", says: "It is held." },
          ],
        ],
      ],
    },
  );
});

test("the open jobs of a type are those that are listed, whenever they were scheduled, of all and of a workflow", () => {
  fc.assert(
    fc.property(histories, fc.constantFrom(undefined, "bookTrip"), (drawn, workflow) =>
      withHistories(drawn, (readModel) => {
        const only = workflow === undefined ? {} : { workflow };
        // A range in which nothing happened.
        const { byJobType } = readModel.overview({ from: later, to: later + 3_600_000, ...only });
        const listed = readModel.openJobs({ limit: 500, ...only });
        expect(
          byJobType.reduce(
            (sum, { open }) => sum + open.waiting + open.running + open.backingOff + open.stuck,
            0,
          ),
        ).toBe(listed.count);
        for (const { jobType, open, backlog, completed } of byJobType) {
          const of = (status: string) =>
            listed.jobs.filter((job) => job.jobType === jobType && job.status === status);
          const { waiting, running, backingOff, stuck } = open;
          expect([waiting, running, backingOff, stuck]).toEqual(
            ["scheduled", "running", "backingOff", "stuck"].map((status) => of(status).length),
          );
          expect([backlog, completed]).toEqual([waiting, 0]);
          expect(open.waitingSince).toBe(of("scheduled")[0]?.since);
        }
      }),
    ),
    { numRuns: 40 },
  );
});
