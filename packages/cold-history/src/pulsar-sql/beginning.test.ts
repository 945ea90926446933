import { position } from "@downbeat/message-log";
import { afterEach, describe, expect, it } from "vitest";
import type { Asked } from "../port/asked.ts";
import { mostHeads } from "../port/cold-heads.ts";
import { mostOpenRuns } from "../port/cold-open-runs.ts";
import { answering, type FakePage, type FakeQuery, FakeTrino } from "../test/fake-trino.ts";
import { openPulsarSql, type PulsarSqlOptions } from "./index.ts";

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

async function open(
  answer: (query: FakeQuery) => readonly FakePage[],
  options: Partial<PulsarSqlOptions> = {},
) {
  const server = await new FakeTrino(answer).listen();
  const { url } = server;
  const limits = { pageWaitMs: 1, mostRetries: 3 };
  const sql = openPulsarSql({ url, tenant: "public", namespace: "travel", limits, ...options });
  closing.push(
    () => sql.close(),
    () => server[Symbol.asyncDispose](),
  );
  return { server, sql };
}

const asked: Asked = { who: "server", signal: new AbortController().signal };
const rowsOf = (rows: readonly unknown[]): FakePage[] => answering([["n", "bigint"]], rows);
/** So late that nothing is looked for behind it. */
const asOf = Date.now() + 86_400_000;
const log = { partitions: 2, ignored: [] };

describe("Open runs", () => {
  const row = (index: number, seq = 1, ended = false) => [
    `r${index}`,
    0,
    index,
    index + 5,
    seq,
    seq + 2,
    ended,
  ];

  it("are so many at most, the oldest first", async () => {
    const rows = Array.from({ length: mostOpenRuns + 1 }, (_, index) => row(mostOpenRuns - index));
    const { sql } = await open(() => rowsOf(rows));
    const { value, completeTo } = await sql.openRuns({ asOf, log }, asked);
    expect(value.places).toHaveLength(mostOpenRuns);
    expect(value.places[0]).toEqual({ runId: "r0", partition: 0, from: 0, to: 5, seq: 3 });
    expect(value.hasMore).toBe(true);
    expect(completeTo).toBeLessThan(Date.now());
  });

  it("are without those whose beginning is not in the log any more, and that is said", async () => {
    const { sql } = await open(() => rowsOf([row(1), row(2, 7), row(3, 4, true)]));
    const answer = await sql.openRuns({ asOf, log }, asked);
    expect(answer.value.places.map(({ runId }) => runId)).toEqual(["r1"]);
    expect(answer.isComplete).toBe(false);
    expect(answer.note).toBe("Left out: 1 of them, whose beginning the log does not hold any more.");
  });

  it("may be others when it is not known which records count, and that is said", async () => {
    const { sql } = await open(() => rowsOf([]));
    const { note } = await sql.openRuns({ asOf, log: { partitions: 2 } }, asked);
    expect(note).toContain("is not known yet");
  });
});

describe("Beginnings of open runs", () => {
  const step = (runId: string, seq: number, input: string) => [
    runId,
    seq,
    1_000 + seq,
    input,
    JSON.stringify([{ type: "RunResumed", action: { actionId: "a", actor: "ada", reason: "" } }]),
  ];
  const place = (runId: string, seq: number) => ({ runId, partition: 0, from: 1_000, to: 2_000, seq });

  it("come whole and in the order of the places, or are left out with a note", async () => {
    const rows = [
      step("b", 1, "i"),
      step("a", 2, "j"),
      step("a", 1, "i"),
      step("a", 3, "later"),
      step("c", 2, "i"),
    ];
    const { sql, server } = await open(({ text }) => rowsOf(text.includes("runid") ? rows : []));
    const answer = await sql.heads(
      { places: [place("a", 2), place("c", 2), place("b", 1)], asOf, log },
      asked,
    );
    expect(answer.value.heads.map(({ runId, steps }) => [runId, steps.map(({ seq }) => seq)])).toEqual([
      ["a", [1, 2]],
      ["b", [1]],
    ]);
    expect(answer.isComplete).toBe(false);
    expect(answer.note).toMatch(/^Left out: 1 of 3 runs/);
    expect(server.queries.at(-1)?.text).toContain("h.__publish_time__) < ?");
  });

  it("are not guessed from two records when it is not known which counts", async () => {
    const rows = [step("a", 1, "i"), step("a", 1, "zombie"), step("b", 1, "i"), step("b", 1, "i")];
    const { sql } = await open(({ text }) => rowsOf(text.includes("runid") ? rows : []));
    const places = [place("a", 1), place("b", 1)];
    const unknown = await sql.heads({ places, asOf, log: { partitions: 2 } }, asked);
    expect(unknown.value.heads.map(({ runId }) => runId)).toEqual(["b"]);
    expect((await sql.heads({ places, asOf, log }, asked)).value.heads).toHaveLength(2);
  });

  it("of none are none, without a query", async () => {
    const { sql, server } = await open(() => rowsOf([]));
    expect((await sql.heads({ places: [], asOf, log }, asked)).value.heads).toEqual([]);
    expect(server.queries).toEqual([]);
  });

  it("are refused for more runs than an answer may hold", async () => {
    const { sql } = await open(() => rowsOf([]));
    const places = Array.from({ length: mostHeads + 1 }, (_, index) => place(`r${index}`, 1));
    await expect(sql.heads({ places, asOf, log }, asked)).rejects.toThrow("201 runs are more than 200.");
  });
});

describe("Records that don't count", () => {
  const cut = 50_000;
  const claim = (partition: number, entry: number, id: string, epoch: number, before: unknown[]) => [
    partition,
    [1, entry, 0],
    entry,
    true,
    false,
    "claim",
    id,
    null,
    null,
    epoch,
    ...before,
  ];
  const last = (partition: number, entry: number, id: string) => [
    partition,
    [1, entry, 0],
    entry,
    false,
    true,
    "decisions",
    id,
    "x",
    "c1",
    null,
    null,
    null,
    null,
  ];

  it("are told by the heads of segments; the places of a longer one are asked for", async () => {
    const heads = [
      claim(0, 1, "c1", 2, [null, null, null]),
      claim(0, 5, "late", 1, ["d4", [1, 4, 0], 4]),
      claim(0, 6, "late too", 2, ["late", [1, 5, 0], 5]),
      last(0, 8, "d8"),
    ];
    const { sql, server } = await open(({ text }) => {
      if (text.includes("any_match(CAST")) return rowsOf([6, 7, 8].map((entry) => [0, [1, entry, 0]]));
      return rowsOf(text.includes("ishead") ? heads : []);
    });
    const { value } = await sql.ignored({ asOf: cut, log: { partitions: 1 } }, asked);
    expect(value).toEqual([5, 6, 7, 8].map((entry) => ({ partition: 0, position: position(1, entry) })));
    expect(server.queries.at(-1)?.values).toContain("'[[[0],[1,6,0],[1,8,0]]]'");
  });

  it("are looked for in stretches when the log is too long for one query", async () => {
    let whole = 0;
    const { sql, server } = await open(
      ({ text, values }) => {
        if (!text.includes("ishead")) return rowsOf([]);
        // The first look, from the beginning to the end.
        if (values.includes(` 0, ${cut + 60_000}`) && whole++ === 0)
          return [
            { state: "QUEUED" },
            { state: "RUNNING", stats: { processedRows: 11 } },
            { state: "RUNNING", isHeld: true },
            {},
          ];
        return rowsOf([claim(0, 1, "c1", 1, [null, null, null])]);
      },
      { mostRecords: 10 },
    );
    await sql.ignored({ asOf: cut, log: { partitions: 1 } }, asked);
    expect(new Set(server.killed).size).toBe(1);
    const stretches = server.queries.filter(({ text }) => text.includes("ishead"));
    expect(stretches.length).toBeGreaterThan(2);
    expect(server.running).toBe(0);
  });
});
