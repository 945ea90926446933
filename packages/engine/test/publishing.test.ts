import type { Effect } from "@downbeat/domain";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { EffectPublisher } from "../src/effect-publisher.ts";
import { Publishing } from "../src/publishing.ts";
import { Slices } from "../src/slices.ts";
import { EngineClock } from "./engine-clock.ts";

const effect = (timerId: string): Effect => ({
  type: "ArmTimer",
  runId: "r",
  timerId,
  generation: 1,
  dueAt: 5,
});

function opened() {
  const underWay = new Map<string, { resolve: () => void; reject: (error: Error) => void }>();
  const told: string[] = [];
  const clock = new EngineClock();
  const state = { isOwning: true };
  const effects: Pick<EffectPublisher, "publish"> = {
    publish: (one) =>
      new Promise((resolve, reject) => {
        underWay.set(one.type === "ArmTimer" ? one.timerId : one.jobId, { resolve, reject });
      }),
  };
  const publishing = new Publishing({
    effects: effects,
    slices: new Slices(clock),
    isOwning: () => state.isOwning,
    onPublished: ({ number, ordinal }) => told.push(`published ${number} (${ordinal})`),
    onSettled: ({ number }) => told.push(`settled ${number}`),
    onFailure: (error) => told.push(`failed: ${(error as Error).message}`),
  });
  const finish = async (id: string) => {
    underWay.get(id)?.resolve();
    await Promise.resolve();
  };
  return { publishing, told, state, underWay, clock, finish };
}

describe("publishing", () => {
  test("tells of a record without effects at once", () => {
    const { publishing, told } = opened();
    publishing.publish({ number: 1, ordinal: 7 }, [], 0);
    expect(told).toEqual(["published 1 (7)", "settled 1"]);
    expect(publishing.size).toBe(0);
  });

  test("tells of a record when the last of its effects is published, in whatever order they are", async () => {
    const { publishing, told, finish } = opened();
    publishing.publish({ number: 1, ordinal: 1 }, [effect("a"), effect("b")], 0);
    await finish("b");
    expect(told).toEqual([]);
    await finish("a");
    expect(told).toEqual(["published 1 (1)", "settled 1"]);
  });

  test("tells of records in their order: what is done early waits for those before it", async () => {
    const { publishing, told, finish } = opened();
    publishing.publish({ number: 1, ordinal: 1 }, [effect("a")], 0);
    publishing.publish({ number: 2, ordinal: 2 }, [effect("b")], 0);
    publishing.publish({ number: 3, ordinal: 3 }, [], 0);
    await finish("b");
    expect(told).toEqual([]);
    expect(publishing.size).toBe(3);
    await finish("a");
    expect(told).toEqual([
      "published 1 (1)",
      "settled 1",
      "published 2 (2)",
      "settled 2",
      "published 3 (3)",
      "settled 3",
    ]);
  });

  test("publishes nothing more once the partition is another's, of what waited for its turn", async () => {
    const { publishing, state, underWay, clock, told } = opened();
    publishing.publish({ number: 1, ordinal: 1 }, [effect("a")], 0);
    await clock.manual.advance(20);
    publishing.publish({ number: 2, ordinal: 2 }, [effect("b")], 0);
    state.isOwning = false;
    await clock.turn();
    expect([...underWay.keys()]).toEqual(["a"]);
    expect(told).toEqual([]);
  });

  test("tells of nothing more once the partition is another's", async () => {
    const { publishing, told, state, finish } = opened();
    publishing.publish({ number: 1, ordinal: 1 }, [effect("a")], 0);
    state.isOwning = false;
    await finish("a");
    expect(told).toEqual([]);
  });

  test("an effect that fails is said, and its record and those after it are never told of", async () => {
    const { publishing, told, underWay, finish } = opened();
    publishing.publish({ number: 1, ordinal: 1 }, [effect("a"), effect("b")], 0);
    publishing.publish({ number: 2, ordinal: 2 }, [effect("c")], 0);
    underWay.get("a")?.reject(new Error("no room"));
    await finish("b");
    await finish("c");
    expect(told).toEqual(["failed: no room"]);
  });

  test("whatever the order of the log's receipts, records are told of in theirs, each after its effects", async () => {
    const records = fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 1, maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(records, fc.infiniteStream(fc.nat()), async (counts, chance) => {
        const { publishing, told, finish } = opened();
        const waiting = counts.flatMap((count, record) =>
          Array.from({ length: count }, (_, index) => `${record + 1}/${index}`),
        );
        counts.forEach((count, record) => {
          const effects = Array.from({ length: count }, (_, index) => effect(`${record + 1}/${index}`));
          publishing.publish({ number: record + 1, ordinal: record + 1 }, effects, 0);
        });
        while (waiting.length > 0) {
          const [id = ""] = waiting.splice((chance.next().value ?? 0) % waiting.length, 1);
          await finish(id);
          const open = waiting.map((left) => Number(left.split("/")[0]));
          const settled = Math.min(counts.length + 1, ...open) - 1;
          expect(told.filter((line) => line.startsWith("settled"))).toHaveLength(settled);
        }
        expect(told).toEqual(
          counts.flatMap((_, index) => [`published ${index + 1} (${index + 1})`, `settled ${index + 1}`]),
        );
      }),
      { numRuns: 100 },
    );
  });
});
