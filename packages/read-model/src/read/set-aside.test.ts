import fc from "fast-check";
import { expect, test } from "vitest";
import { openCache } from "../cache.ts";
import { historyOf } from "../test/history-log.ts";
import { randomRun } from "../test/random-run.ts";
import { scratchDirectory } from "../test/scratch.ts";
import type { AttentionItem, CauseMark } from "../views.ts";
import { Projection } from "../write/projection.ts";
import { ReadModel } from "./read-model.ts";
import { standingOf } from "./set-aside.ts";
import type { WaitCause } from "./wait-cause.ts";

const from = 1_700_000_000_000;
const now = from + 86_400_000;

test("a cause is muted until a moment, resolved until it stops something after, and then it came back", () => {
  const stand = (mark: Pick<CauseMark, "mutedUntil" | "resolvedAt">, lastSeen?: number) =>
    standingOf(mark, lastSeen, 100);
  expect(stand({}, 50)).toBe("open");
  expect(stand({ mutedUntil: 101 }, 50)).toBe("muted");
  expect(stand({ mutedUntil: 100 }, 50)).toBe("open");
  expect(stand({ resolvedAt: 50 })).toBe("resolved");
  expect(stand({ resolvedAt: 50 }, 50)).toBe("resolved");
  expect(stand({ resolvedAt: 50 }, 51)).toBe("cameBack");
  // Whoever muted it does not want to be told that it came back, either.
  expect(stand({ resolvedAt: 50, mutedUntil: 101 }, 51)).toBe("muted");
});

const histories = fc.array(fc.array(fc.nat(100_000), { minLength: 1, maxLength: 25 }), {
  minLength: 1,
  maxLength: 20,
});
const waits = fc.subarray<WaitCause>([
  { kind: "noWorker", on: "job", name: "bookHotel" },
  { kind: "noHost", on: "code", name: "bookTrip" },
  { kind: "held", on: "run", name: "run-0", workflow: "bookTrip", says: "It is held." },
]);
/** Of the cause at that place in the list, and what is said of it. */
const said = fc.array(
  fc.record({ at: fc.nat(12), how: fc.constantFrom("mute", "resolve", "older", "note") }),
  {
    maxLength: 6,
  },
);

test("what is set aside is counted apart, in causes, items and runs, is in the list all the same, and nothing is lost", () => {
  fc.assert(
    fc.property(histories, waits, said, (drawn, causes, drawnMarks) => {
      const scratch = scratchDirectory();
      const path = scratch.file("history.sqlite");
      const cache = openCache(path, "test");
      const projection = new Projection(cache);
      const runs = drawn.map((choices, index) => randomRun(`run-${index}`, from + (index % 3), choices));
      for (const message of historyOf(runs).messages) projection.take(0, message);
      projection.flush();
      cache.close();
      const readModel = new ReadModel(path, () => now);
      try {
        const plain = readModel.attention({ limit: 200, waits: causes });
        const marks = new Map<string, CauseMark>();
        for (const { at, how } of drawnMarks) {
          const group = plain.groups[at % Math.max(1, plain.groups.length)];
          const fingerprint = group?.fingerprint ?? "gone";
          const about = { title: "", message: "" };
          marks.set(fingerprint, {
            ...{ fingerprint, version: 1, by: "ada", at: now, about },
            ...(how === "mute" && { mutedUntil: now + 1 }),
            ...(how === "resolve" && { resolvedAt: now }),
            ...(how === "older" && { resolvedAt: (group?.lastSeen ?? 1) - 1 }),
            ...(how === "note" && { note: "We know." }),
          });
        }
        const list = readModel.attention({ limit: 200, waits: causes, marks: [...marks.values()] });
        const items: AttentionItem[] = [...list.items];
        for (let { cursor } = list; cursor !== undefined; ) {
          const page = readModel.attention({ limit: 200, waits: causes, cursor });
          items.push(...page.items);
          cursor = page.cursor;
        }
        expect({ ...list, groups: [], setAside: {} }).toEqual({ ...plain, groups: [], setAside: {} });
        expect(list.groups.map(({ standing: _, mark: __, ...group }) => group)).toEqual(
          plain.groups.map(({ standing: _, ...group }) => group),
        );
        const aside = new Set(
          list.groups
            .filter(({ standing }) => standing === "muted" || standing === "resolved")
            .map(({ fingerprint }) => fingerprint),
        );
        const open = items.filter(({ fingerprint }) => !aside.has(fingerprint));
        const openRuns = new Set(open.map(({ runId }) => runId)).size;
        expect(list.setAside).toEqual({
          causes: aside.size,
          total: items.length - open.length,
          runs: list.runs - openRuns,
        });
        const stopped = items.filter(({ kind }) => ["job", "code", "history"].includes(kind));
        const needy = stopped.filter(({ fingerprint }) => !aside.has(fingerprint));
        expect(readModel.stuckSetAside(causes, [...marks.values()])).toEqual({
          stuck: list.stuckRuns,
          setAside: list.stuckRuns - new Set(needy.map(({ runId }) => runId)).size,
        });
        expect(readModel.setAsideRuns(causes, [...marks.values()])).toEqual({
          setAside: list.setAside.runs,
          stuck: list.stuckRuns,
          ...(causes.some(({ kind, on, name }) => aside.has(`${kind}:${on}:${name}`)) && {
            waiting: list.waitingRuns,
          }),
        });
        for (const { fingerprint, standing, mark } of list.groups) {
          expect(mark).toEqual(marks.get(fingerprint));
          if (mark?.note !== undefined) expect(standing).toBe("open");
          if (mark?.resolvedAt !== undefined)
            expect(standing).toBe(mark.resolvedAt === now ? "resolved" : "cameBack");
        }
      } finally {
        readModel.close();
        scratch.remove();
      }
    }),
    {
      numRuns: 60,
      // Two causes of as many items, as old.
      examples: [
        [
          [[73_668, 31_815, 0], [0], [0], [0], [8_964, 37_864, 0], [4_668]],
          [{ kind: "noWorker", on: "job", name: "bookHotel" }],
          [{ at: 2, how: "mute" }],
        ],
      ],
    },
  );
});
