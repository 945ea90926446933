import type { RunSummary, ShownStatus } from "@downbeat/api/views";
import { openCluster, setUp } from "@downbeat/cluster/setup";
import { afterEach, beforeEach, expect, inject, test } from "vitest";
import "../../../packages/pulsar/test/provided.ts";
import { type RunningServer, startServer } from "../../../apps/server/test/stack.ts";
import { until } from "../../lib/processes.ts";
import { book, InProcess, ids, partitions, waits } from "./in-process.ts";

const within = { timeout: 240_000 };
const soon = 90_000;

interface Filter {
  status?: ShownStatus[];
  workflow?: string;
  text?: string;
  by?: "ended";
}

let own: InProcess;
beforeEach(async () => {
  own = await InProcess.open("beginning");
  // With the schema that Pulsar SQL needs.
  const cluster = openCluster({ serviceUrl: inject("pulsar") });
  for await (const _ of setUp(cluster, { tenant: "public", namespace: own.namespace, partitions }));
  cluster.close();
});
afterEach(() => own.close());

function serve(more: Record<string, string>): Promise<RunningServer> {
  return startServer({
    DOWNBEAT_LOG_URL: inject("pulsar"),
    DOWNBEAT_NAMESPACE: own.namespace,
    PATH: process.env.PATH ?? "",
    ...more,
  });
}

const apiOf = (server: RunningServer) => server.apiOf(`public/${own.namespace}`);

/** All pages of the list; what a run had refused after its end is told on its page. */
async function list(server: RunningServer, filter: Filter) {
  const runs: Omit<RunSummary, "why" | "updatedAt" | "seq">[] = [];
  for (let cursor: string | undefined; ; ) {
    const page = await apiOf(server).runs.list.query({
      filter,
      limit: 40,
      ...(cursor !== undefined && { cursor }),
    });
    expect(page.earlier?.trouble).toBeUndefined();
    for (const { why: _, whyTimes: _at, updatedAt: __, seq: ___, ...run } of page.runs) runs.push(run);
    cursor = page.cursor;
    if (cursor === undefined) return { runs, count: page.count, countsByStatus: page.countsByStatus };
  }
}

const byTime = <T extends { startedAt: number; runId: string }>(runs: readonly T[]) =>
  runs.toSorted((a, b) => b.startedAt - a.startedAt || a.runId.localeCompare(b.runId));

async function whole(server: RunningServer, runId: string) {
  const { freshness, ...run } = await apiOf(server).runs.get.query({ runId });
  const { events } = await apiOf(server).runs.events.query({ runId, limit: 500 });
  return { run, events, sources: freshness.sources?.map(({ source }) => source) };
}

test(
  "a server with an empty cache begins with the hot window, and shows with Pulsar SQL what one shows that has read everything",
  within,
  async () => {
    const booking = own.newClient();
    own.startEngine("one");
    own.startWorker();
    const [early, open, late] = [ids("early", 120), ids("open", 30), ids("late", 60)];
    await book(booking, early);
    await Promise.all(open.map((runId) => booking.start(waits, undefined, { runId })));
    const cut = Date.now();
    await book(booking, late.slice(0, 20));

    await using knowsAll = await serve({});
    const window = Date.now() - cut;
    await using server = await serve({
      DOWNBEAT_PULSAR_SQL: inject("pulsarSql"),
      DOWNBEAT_HOT_WINDOW: `${window}ms`,
    });
    await book(booking, late.slice(20));
    // Some go on and end that were open when the cache begins.
    for (const runId of open.slice(0, 10)) await booking.run(runId).signal("go");
    const freshness = async () => (await apiOf(server).runs.list.query({ limit: 1 })).freshness;
    await until(async () => (await freshness()).earlier?.openRunsKnown === true, soon);
    expect((await freshness()).earlier).toMatchObject({ openRunsKnown: true, orphanRuns: 0 });
    const { completeFrom = 0 } = await freshness();
    expect(completeFrom).toBeGreaterThanOrEqual(cut);
    for (const one of [server, knowsAll]) {
      const isAll = async () => (await list(one, { status: ["completed"] })).count === 190;
      expect(await until(isAll, soon)).toBe(true);
    }

    const filters: Filter[] = [
      {},
      { status: ["completed"] },
      { status: ["running", "waiting", "stuck"] },
      { workflow: "waits" },
      { text: "early-1" },
      { by: "ended", status: ["completed"] },
    ];
    for (const filter of filters) {
      const [found, expected] = [await list(server, filter), await list(knowsAll, filter)];
      expect(byTime(found.runs)).toEqual(byTime(expected.runs));
      expect(found.count).toBe(expected.count);
      // Of open runs only, Pulsar SQL is not asked.
      if (filter.status?.[0] !== "running") expect(found.countsByStatus).toEqual(expected.countsByStatus);
    }

    const period = { from: cut - 600_000, to: Date.now() + 60_000, bucketMs: 60_000 };
    const figures = async (one: RunningServer) => {
      const { freshness: _, byJobType, ...overview } = await apiOf(one).overview.get.query(period);
      return { ...overview, byJobType: byJobType.map(({ backlog: __, workers: ___, ...job }) => job) };
    };
    expect(await until(async () => (await figures(server)).missing === undefined, soon)).toBe(true);
    expect(await figures(server)).toEqual(await figures(knowsAll));

    for (const runId of ["early-0", "early-119", "open-0", "open-29", "late-59"]) {
      const [found, expected] = [await whole(server, runId), await whole(knowsAll, runId)];
      expect({ ...found, sources: [] }).toEqual({ ...expected, sources: [] });
      // What has ended since may have left the short window again.
      const isElsewhere = { "early-0": true, "early-119": true, "open-29": false }[runId];
      if (isElsewhere !== undefined) expect(found.sources?.includes("Pulsar SQL"), runId).toBe(isElsewhere);
    }
    await expect(apiOf(server).runs.get.query({ runId: "nobody" })).rejects.toThrow(
      "There is no run nobody.",
    );
  },
);
