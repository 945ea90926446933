import { readFileSync } from "node:fs";
import type { Position } from "@downbeat/message-log";
import { RecordKeys, recordFormat, recordKeysFile } from "@downbeat/protocol";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { Fold } from "../src/fold.ts";
import { MemoryStateStore } from "../src/index.ts";

const line = z.object({ payload: z.string(), properties: z.record(z.string(), z.string()) });
const folder = new URL("../../protocol/histories/", import.meta.url);

/** Messages as engines of that format wrote them, once: they must be read the same forever. */
function frozen(format: number | string) {
  const text = readFileSync(new URL(`format-${format}.jsonl`, folder), "utf8");
  return text
    .trim()
    .split("\n")
    .map((each) => line.parse(JSON.parse(each)));
}

function read(format: number | string) {
  const fold = new Fold(new MemoryStateStore());
  const types = new Map<string, number>();
  const runIds = new Set<string>();
  for (const [index, { payload, properties }] of frozen(format).entries()) {
    const message = { payload: Buffer.from(payload), properties, publishTime: 2_000_000_000_000 };
    const reading = fold.read(message, `0:${index}` as Position);
    types.set(reading.type, (types.get(reading.type) ?? 0) + 1);
    if (reading.type === "decisions") for (const { runId } of reading.record.decisions) runIds.add(runId);
  }
  const runs = [...runIds].sort().map((runId) => {
    const state = fold.entry(runId)?.state;
    return `${runId} ${state?.status} at ${state?.seq}`;
  });
  return { ...Object.fromEntries(types), ...fold.cursor, runs, newer: fold.newer };
}

describe("History of each format that there has been is read as ever:", () => {
  it("1", () => {
    expect(read(1)).toMatchInlineSnapshot(`
      {
        "at": 1793606580010,
        "claim": "claim-29",
        "count": 28,
        "decisions": 26,
        "epoch": 2,
        "last": "claim-29",
        "leftOut": 2,
        "newer": undefined,
        "owner": "engine-2",
        "runs": [
          "cancelled-trip cancelled at 18",
          "completed-trip completed at 5",
          "failed-trip failed at 42",
          "terminated-trip terminated at 6",
        ],
      }
    `);
  });

  it("2", () => {
    expect(read(2)).toMatchInlineSnapshot(`
      {
        "at": 1793606640030,
        "claim": "claim-22",
        "count": 22,
        "decisions": 20,
        "epoch": 2,
        "last": "claim-22",
        "leftOut": 1,
        "newer": undefined,
        "owner": "engine-2",
        "runs": [
          "failed-trip failed at 42",
          "repaired-trip completed at 6",
        ],
      }
    `);
  });

  it("3, where runs were removed", () => {
    expect(read(3)).toMatchInlineSnapshot(`
      {
        "at": 1793606415000,
        "claim": "claim-10",
        "count": 18,
        "decisions": 16,
        "epoch": 2,
        "last": "record-19",
        "leftOut": 1,
        "newer": undefined,
        "owner": "engine-2",
        "runs": [
          "cancelled-trip cancelled at 18",
          "completed-trip completed at 5",
          "failed-trip failed at 42",
          "terminated-trip terminated at 6",
        ],
      }
    `);
  });

  it("4", () => {
    expect(read(4)).toMatchInlineSnapshot(`
      {
        "at": 1793606400040,
        "claim": "claim-0",
        "count": 6,
        "decisions": 5,
        "epoch": 1,
        "last": "record-5",
        "newer": undefined,
        "owner": "engine",
        "runs": [
          "trip-1 completed at 3",
          "watch-1 completed at 6",
        ],
      }
    `);
  });

  it("4, where beats of handlers were held back", () => {
    expect(read("4-attempts")).toMatchInlineSnapshot(`
      {
        "at": 1793606405010,
        "claim": "claim-0",
        "count": 9,
        "decisions": 8,
        "epoch": 1,
        "last": "record-8",
        "newer": undefined,
        "owner": "engine",
        "runs": [
          "paid-trip running at 10",
        ],
      }
    `);
  });

  it("5", () => {
    expect(read(5)).toMatchInlineSnapshot(`
      {
        "at": 1792713600000,
        "claim": "id-1",
        "count": 6,
        "decisions": 5,
        "epoch": 1,
        "last": "id-6",
        "newer": undefined,
        "owner": "engine-1",
        "runs": [
          "r completed at 8",
        ],
      }
    `);
  });

  it("5, where a run says by which rules its code lives", () => {
    expect(read("5-rules")).toMatchInlineSnapshot(`
      {
        "at": 1793606400020,
        "claim": "claim-0",
        "count": 3,
        "decisions": 2,
        "epoch": 1,
        "last": "record-2",
        "newer": undefined,
        "owner": "engine",
        "runs": [
          "trip-1 completed at 4",
        ],
      }
    `);
  });

  it("6, which is signed: who has the key checks it, and who has none reads it all the same", () => {
    expect(read(6)).toMatchObject({
      claim: "id-1",
      decisions: 2,
      last: "id-3",
      runs: ["r1 completed at 2", "r2 completed at 2"],
      newer: expect.stringMatching(/^its records are signed/),
    });
    const secret = Buffer.alloc(32, 6).toString("base64");
    const keys = new RecordKeys(recordKeysFile.parse({ keys: [{ id: "frozen", secret }] })).of(
      "public/default",
    );
    for (const { payload, properties } of frozen(6)) {
      const message = { payload: Buffer.from(payload), properties };
      expect(keys.check("history-partition-0", message)).toMatchObject({ is: "signed", keyId: "frozen" });
    }
  });

  it("and there is a frozen one of the newest", () => {
    expect(frozen(recordFormat).length).toBeGreaterThan(0);
  });
});
