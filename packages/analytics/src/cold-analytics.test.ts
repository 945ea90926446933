import type { Asked, ColdHistory } from "@downbeat/cold-history";
import { expect, test } from "vitest";
import { ColdAnalytics } from "./cold-analytics.ts";

const asked: Asked = { who: "ada", signal: new AbortController().signal };

test("cold history answers people's queries as it is; that rows are missing is said once, by the table", async () => {
  const answer = {
    source: "Pulsar SQL",
    tookMs: 1,
    read: { rows: 1, bytes: 1 },
    completeTo: 1,
    isComplete: false,
  };
  const seen: unknown[] = [];
  const cold = {
    source: "Pulsar SQL",
    query: async (query: { readonly maxRows: number }, by: Asked) => {
      seen.push(query, by);
      const value = { columns: [], rows: [], isCut: query.maxRows === 1 };
      return { ...answer, value, note: "Something is not here." };
    },
  } as unknown as ColdHistory;
  const analytics = new ColdAnalytics(cold);
  expect(analytics.about).toMatchObject({ id: "pulsarSql", name: "Pulsar SQL", dialect: "Trino" });
  expect((await analytics.query({ sql: "SELECT 1", maxRows: 1 }, asked)).note).toBeUndefined();
  expect((await analytics.query({ sql: "SELECT 1", maxRows: 2 }, asked)).note).toBe("Something is not here.");
  expect(seen.slice(0, 2)).toEqual([{ sql: "SELECT 1", maxRows: 1 }, asked]);
});
