import type { Analytics } from "@downbeat/analytics";
import { type Asked, ColdError } from "@downbeat/cold-history";
import { expect, test } from "vitest";
import type { QueryUpdate } from "../views.ts";
import { QueryDesk } from "./query-desk.ts";

const query = { sql: "SELECT 1", maxRows: 10 };

/** Answers when it is told to. */
class FakeSource {
  readonly asked: Asked[] = [];
  readonly answers: { resolve(): void; reject(error: unknown): void }[] = [];

  readonly analytics = {
    about: { id: "readModel", name: "Read model", dialect: "SQLite", reach: "", examples: [] },
    query: (_query: unknown, asked: Asked) => {
      this.asked.push(asked);
      return new Promise((resolve, reject) => {
        const value = { columns: [{ name: "x", type: "" }], rows: [[1]], isCut: false };
        const about = {
          source: "Read model",
          tookMs: 1,
          read: { rows: 0, bytes: 0 },
          completeTo: 5,
          isComplete: true,
        };
        this.answers.push({ resolve: () => resolve({ value, ...about }), reject });
        asked.signal.addEventListener("abort", () => reject(new ColdError("cancelled", "It was cancelled.")));
      });
    },
  } as unknown as Analytics;
}

function desk() {
  const source = new FakeSource();
  const queries = new QueryDesk([source.analytics], () => 1_000);
  const run = (who: string, gone?: AbortSignal) => queries.run(source.analytics, query, who, gone);
  return { source, queries, run };
}

async function all(updates: AsyncIterable<QueryUpdate>): Promise<QueryUpdate[]> {
  const seen: QueryUpdate[] = [];
  for await (const update of updates) seen.push(update);
  return seen;
}

test("progress is passed on, then the answer, in the source's own words", async () => {
  const { source, run } = desk();
  const updates = run("ada");
  const first = updates.next();
  source.asked[0]?.onProgress?.({ state: "reading", percent: 40, rows: 7, bytes: 70, elapsedMs: 3 });
  expect((await first).value).toEqual({
    type: "progress",
    progress: { state: "reading", percent: 40, rows: 7, bytes: 70, elapsedMs: 3 },
  });
  source.answers[0]?.resolve();
  expect(await all(updates)).toEqual([
    {
      type: "answer",
      answer: {
        columns: [{ name: "x", type: "" }],
        rows: [[1]],
        isCut: false,
        source: "Read model",
        dialect: "SQLite",
        tookMs: 1,
        read: { rows: 0, bytes: 0 },
        completeTo: 5,
        isComplete: true,
      },
    },
  ]);
});

test("one query at a time for a person; another person's goes on", async () => {
  const { source, queries, run } = desk();
  const first = run("ada").next();
  expect(await all(run("ada"))).toEqual([
    {
      type: "refused",
      code: "running",
      message: "Another query of yours is running: wait for it, or cancel it.",
      since: 1_000,
    },
  ]);
  const others = run("grace").next();
  expect(source.asked.map(({ who }) => who)).toEqual(["ada", "grace"]);
  expect(await queries.cancel("ada")).toBe(true);
  expect((await first).value).toMatchObject({ type: "refused", code: "cancelled" });
  expect(source.asked[1]?.signal.aborted).toBe(false);
  source.answers[1]?.resolve();
  expect((await others).value).toMatchObject({ type: "answer" });
});

test("after the end the person may ask again, however it ended", async () => {
  const { source, queries, run } = desk();
  for (const end of [
    () => source.answers.at(-1)?.resolve(),
    () => source.answers.at(-1)?.reject(new ColdError("invalid", "No.", { line: 2, column: 3 })),
    () => queries.cancel("ada"),
  ]) {
    const updates = all(run("ada"));
    end();
    expect((await updates).at(-1)?.type).toMatch(/answer|refused/);
  }
  expect(await queries.cancel("ada")).toBe(false);
});

test("once a query is cancelled another one runs, also when nobody has fetched the end of the first", async () => {
  const { source, queries, run } = desk();
  const first = run("ada");
  void first.next();
  await queries.cancel("ada");
  const second = run("ada").next();
  source.answers.at(-1)?.resolve();
  expect((await second).value).toMatchObject({ type: "answer" });
});

test("who goes away has the query cancelled: by closing the connection or by not listening any more", async () => {
  const { source, run } = desk();
  const gone = new AbortController();
  const first = all(run("ada", gone.signal));
  gone.abort();
  await first;
  expect(source.asked[0]?.signal.aborted).toBe(true);
  const second = run("ada");
  const update = second.next();
  source.asked[1]?.onProgress?.({ state: "reading", rows: 0, bytes: 0, elapsedMs: 0 });
  await update;
  await second.return();
  expect(source.asked[1]?.signal.aborted).toBe(true);
});

test("a refusal says where; what is our own fault is thrown", async () => {
  const { source, run } = desk();
  const refused = all(run("ada"));
  source.answers[0]?.reject(new ColdError("invalid", "There is no column x.", { line: 2, column: 3 }));
  expect(await refused).toEqual([
    { type: "refused", code: "invalid", message: "There is no column x.", line: 2, column: 3 },
  ]);
  const broken = all(run("ada"));
  source.answers[1]?.reject(new TypeError("a bug"));
  await expect(broken).rejects.toThrow("a bug");
});
