import type { AppRouter } from "@downbeat/api";
import type { QueryUpdate } from "@downbeat/api/views";
import { createTRPCClient, httpBatchStreamLink } from "@trpc/client";
import { expect, test, vi } from "vitest";
import { openEngineering, type RunningServer, startServer, until } from "./stack.ts";

vi.setConfig({ testTimeout: 60_000 });

const endless = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT count(*) FROM n";

/** As the dashboard asks: the answer comes in parts. */
function asking(server: RunningServer) {
  const url = `${server.url}/trpc/public/default`;
  const client = createTRPCClient<AppRouter>({ links: [httpBatchStreamLink({ url, maxItems: 1 })] });
  return async (sql: string, signal?: AbortSignal): Promise<QueryUpdate[]> => {
    const seen: QueryUpdate[] = [];
    const input = { source: "readModel", sql } as const;
    for await (const update of await client.analytics.run.mutate(input, { ...(signal && { signal }) })) {
      seen.push(update);
    }
    return seen;
  };
}

test("people's queries see the runs of this moment, and nothing but reading is carried out", async () => {
  await using engineering = await openEngineering();
  await using server = await startServer({ DOWNBEAT_LOG_URL: engineering.url });
  for (let run = 0; run < 5; run++) await server.api.runs.start.mutate({ workflow: "trip", input: "{}" });
  await until(async () => (await server.api.runs.list.query({})).countsByStatus.completed === 5);
  const ask = asking(server);
  const answer = (await ask("SELECT status, count(*) AS runs FROM runs GROUP BY status")).at(-1);
  expect(answer).toMatchObject({
    type: "answer",
    answer: { columns: [{ name: "status" }, { name: "runs" }], rows: [["completed", 5]], dialect: "SQLite" },
  });
  expect((await ask("DELETE FROM main.runs")).at(-1)).toMatchObject({ type: "refused", code: "readOnly" });
  expect((await ask("SELECT\n colour FROM runs")).at(-1)).toMatchObject({
    code: "invalid",
    line: 2,
    column: 2,
  });
  const { sources } = await server.api.analytics.sources.query();
  expect(sources.map(({ id, dialect }) => [id, dialect])).toEqual([["readModel", "SQLite"]]);
  const { tables } = await server.api.analytics.schema.query({ source: "readModel" });
  expect(tables.map(({ name }) => name)).toContain("run_figures");
});

test("a query that does not end keeps nobody waiting, and ends with the page that asked", async () => {
  await using engineering = await openEngineering();
  await using server = await startServer({ DOWNBEAT_LOG_URL: engineering.url });
  const ask = asking(server);
  const page = new AbortController();
  const left = ask(endless, page.signal).catch((error: unknown) => error);
  await until(async () =>
    (await ask("SELECT 1")).some((update) => update.type === "refused" && update.code === "running"),
  );
  expect((await server.api.runs.list.query({})).count).toBe(0);
  page.abort();
  await left;
  await until(async () => (await ask("SELECT 1")).at(-1)?.type === "answer");

  const cancelled = ask(endless);
  await until(async () => (await server.api.analytics.cancel.mutate()).wasRunning);
  expect((await cancelled).at(-1)).toMatchObject({ type: "refused", code: "cancelled" });
});

test("saved queries outlive the read model, and every server shows them", async () => {
  await using engineering = await openEngineering();
  await using server = await startServer({ DOWNBEAT_LOG_URL: engineering.url, DOWNBEAT_ACTOR: "ada" });
  const query = { name: "Stuck", source: "readModel", sql: "SELECT * FROM open_jobs" } as const;
  const answer = await server.api.savedQueries.save.mutate(query);
  if (answer.outcome !== "saved") throw new Error("Nobody else saves.");
  const saved = answer.query;
  await using other = await startServer({ DOWNBEAT_LOG_URL: engineering.url });
  expect(await other.api.savedQueries.list.query()).toEqual({
    queries: [{ ...query, id: saved.id, savedBy: "ada", savedAt: saved.savedAt, version: 1 }],
  });
  await other.api.savedQueries.delete.mutate({ id: saved.id, version: 1 });
  expect(await server.api.savedQueries.list.query()).toEqual({ queries: [] });
});

test("a bad question is refused in a sentence", async () => {
  await using engineering = await openEngineering();
  await using server = await startServer({ DOWNBEAT_LOG_URL: engineering.url });
  await expect(
    server.api.savedQueries.save.mutate({ name: " ", source: "readModel", sql: "SELECT 1" }),
  ).rejects.toThrow(/name: give it a name/);
  await expect(asking(server)("  ")).rejects.toThrow(/no statement/);
  await expect(server.api.analytics.schema.query({ source: "pulsarSql" })).rejects.toThrow(
    /no source pulsarSql/,
  );
});
