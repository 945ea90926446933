import { mkdtempDisposable } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import { heldBy, openEngineering, type RunningServer, startServer, until } from "./stack.ts";

vi.setConfig({ testTimeout: 60_000 });

async function whole(server: RunningServer, runId: string) {
  await until(async () => (await fetch(`${server.url}/readyz/reads`)).ok);
  const { freshness: _, ...run } = await server.api.runs.get.query({ runId });
  const { events } = await server.api.runs.events.query({ runId, limit: 500 });
  return { run, events };
}

/** The second source is where the run's events come from when the read model does not hold them. */
async function sourceOf(server: RunningServer, runId: string): Promise<string | undefined> {
  return (await server.api.runs.get.query({ runId })).freshness.sources?.[1]?.source;
}

async function untilEventsHaveLeft(server: RunningServer): Promise<void> {
  await until(() => {
    const { runs, steps } = heldBy(server, "public/default");
    return runs !== 0 && steps === 0;
  });
}

test("a run whose events have left the read model is shown as before, with where they come from", async () => {
  await using engineering = await openEngineering();
  await using server = await startServer({ DOWNBEAT_LOG_URL: engineering.url });
  await until(async () => (await fetch(`${server.url}/readyz/reads`)).ok);
  for (const runId of ["t-1", "t-2"]) {
    await server.api.runs.start.mutate({ workflow: "trip", input: "{}", runId, labels: { order: "A 17" } });
    await until(async () => (await server.api.runs.get.query({ runId })).status === "completed");
  }
  const before = await whole(server, "t-1");
  expect(await sourceOf(server, "t-1")).toBeUndefined();

  await using cold = await startServer({ DOWNBEAT_LOG_URL: engineering.url, DOWNBEAT_HOT_WINDOW: "1ms" });
  await until(async () => (await fetch(`${cold.url}/readyz/reads`)).ok);
  await untilEventsHaveLeft(cold);
  expect(await sourceOf(cold, "t-1")).toBe("the log");
  expect(await whole(cold, "t-1")).toEqual(before);
  const list = await cold.api.runs.list.query({ filter: { labels: { order: "A 17" } } });
  expect(list).toMatchObject({ count: 2, countsByStatus: { completed: 2 } });
  expect(list.freshness.sources?.[0]?.source).toBe("the read model");
});

function deadAddress(): Promise<string> {
  const closed = createServer();
  return new Promise((resolve) => {
    closed.listen(0, "127.0.0.1", () => {
      const address = closed.address();
      const port = typeof address === "object" && address !== null ? address.port : 0;
      closed.close(() => resolve(`http://127.0.0.1:${port}`));
    });
  });
}

test("when Pulsar SQL does not answer, the run is shown as far as it is known, and the sentence says what is missing", async () => {
  await using engineering = await openEngineering();
  await using data = await mkdtempDisposable(join(tmpdir(), "downbeat-hot-window-"));
  {
    await using hot = await startServer({ DOWNBEAT_LOG_URL: engineering.url }, data.path);
    await until(async () => (await fetch(`${hot.url}/readyz/reads`)).ok);
    await hot.api.runs.start.mutate({ workflow: "trip", input: "{}", runId: "t-1" });
    await until(async () => (await hot.api.runs.list.query({})).runs[0]?.status === "completed");
  }
  const variables = {
    DOWNBEAT_LOG_URL: engineering.url,
    DOWNBEAT_HOT_WINDOW: "1ms",
    DOWNBEAT_PULSAR_SQL: await deadAddress(),
  };
  await using server = await startServer(variables, data.path);
  await until(async () => (await fetch(`${server.url}/readyz/reads`)).ok);
  await untilEventsHaveLeft(server);
  const run = await server.api.runs.get.query({ runId: "t-1" });
  expect(run).toMatchObject({ runId: "t-1", status: "completed", workflow: "trip" });
  expect(run.missing?.count).toBe(run.eventCount);
  expect(run.missing?.why).toMatch(/^This run's events are older than .*Pulsar SQL does not answer/);
  const readiness = async () => (await fetch(`${server.url}/readyz/reads`)).text();
  await until(async () => (await readiness()).includes("pulsarSql"));
  expect(JSON.parse(await readiness())).toMatchObject({
    ready: true,
    namespaces: [
      {
        ready: true,
        checks: expect.arrayContaining([
          {
            name: "pulsarSql",
            ok: false,
            optional: true,
            reason: expect.stringMatching(/^Pulsar SQL does not answer at http:.*everything else works\.$/),
          },
        ]),
      },
    ],
  });
  // What is not asked of it goes on as always.
  expect((await server.api.runs.list.query({})).count).toBe(1);
});

test("a server with an empty cache whose Pulsar SQL does not answer shows what happens from now on, and says what it lacks and why", async () => {
  await using engineering = await openEngineering();
  {
    await using hot = await startServer({ DOWNBEAT_LOG_URL: engineering.url });
    await until(async () => (await fetch(`${hot.url}/readyz/reads`)).ok);
    await hot.api.runs.start.mutate({ workflow: "trip", input: "{}", runId: "before" });
    await until(async () => (await hot.api.runs.list.query({})).runs[0]?.status === "completed");
  }
  await using server = await startServer({
    DOWNBEAT_LOG_URL: engineering.url,
    DOWNBEAT_HOT_WINDOW: "1ms",
    DOWNBEAT_PULSAR_SQL: await deadAddress(),
  });
  await until(async () => (await fetch(`${server.url}/readyz/reads`)).ok);
  await server.api.runs.start.mutate({ workflow: "trip", input: "{}", runId: "since" });
  const list = async (cursor?: string) => server.api.runs.list.query(cursor === undefined ? {} : { cursor });
  await until(async () => (await list()).runs[0]?.status === "completed");
  const recent = await list();
  expect(recent.runs.map(({ runId }) => runId)).toEqual(["since"]);
  expect(recent.earlier).toMatchObject({ source: "Pulsar SQL", isNext: true });
  const earlier = await list(recent.cursor);
  expect(earlier.earlier?.trouble).toMatch(/^Pulsar SQL does not answer at http:/);
  expect(earlier.cursor).toBe(recent.cursor);
  await until(async () => (await list()).freshness.earlier?.trouble !== undefined);
  await expect(server.api.runs.get.query({ runId: "before" })).rejects.toThrow(
    /^Run before is not among those of the read model\. .*Pulsar SQL does not answer/,
  );
  // Nobody may take "none" for an answer here.
  const saysSo = ({ note = "" }: { readonly note?: string }) =>
    /^Runs that were open at .+ are missing\. Pulsar SQL does not answer/.test(note);
  const stuck = () => server.api.jobs.list.query({ status: ["stuck"] });
  await until(async () => saysSo((await stuck()).freshness));
  expect(await stuck()).toMatchObject({ count: 0, countIsLowerBound: true });
  await until(async () => saysSo((await server.api.attention.list.query({})).freshness));
  const now = Date.now();
  const overview = () => server.api.overview.get.query({ from: now - 3_600_000, to: now });
  expect((await overview()).totals.started).toBe(1);
  await until(async () => (await overview()).missing?.trouble?.startsWith("Pulsar SQL does not") === true);
});

test("an impossible hot window is refused by its name", async () => {
  await expect(startServer({ DOWNBEAT_HOT_WINDOW: "a while" })).rejects.toThrow(
    /DOWNBEAT_HOT_WINDOW can't be "a while": a number and its unit/,
  );
});
