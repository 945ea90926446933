import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { examine } from "@downbeat/cluster/doctor";
import { openCluster, setUp } from "@downbeat/cluster/setup";
import { partitionOf } from "@downbeat/domain";
import type { EngineObserver } from "@downbeat/engine";
import { topics } from "@downbeat/protocol";
import { expect, inject, test } from "vitest";
import { until } from "../../lib/processes.ts";
import { book, InProcess, ids, owning, partitions, waits } from "./in-process.ts";
import { ShownRuns } from "./shown-runs.ts";

/** History is taken away, by mistake or by retention: who goes on, and what is said. */
const within = { timeout: 120_000 };

let count = 0;
/** Each has a namespace of its own, so that they can all be tried at the same time. */
function inNamespace(name: string, run: (own: InProcess, folder: string) => Promise<void>): void {
  test.concurrent(name, within, async () => {
    count += 1;
    const own = await InProcess.open(`lost-history-${count}`);
    const folder = mkdtempSync(join(tmpdir(), "downbeat-lost-history-"));
    try {
      await run(own, folder);
    } finally {
      await own.close();
      rmSync(folder, { recursive: true, force: true });
    }
  });
}

class Said implements EngineObserver {
  readonly late = new Set<number>();
  readonly discarded: string[] = [];
  beginsLate(partition: number): void {
    this.late.add(partition);
  }
  snapshotDiscarded(_: number, reason: string): void {
    this.discarded.push(reason);
  }
}

const historyPath = (own: InProcess, partition?: number) =>
  `persistent/public/${own.namespace}/${partition === undefined ? "history" : topics.history(partition)}`;

/** Closes the segments that are written to, and has every closed one deleted. */
async function cutFront(own: InProcess): Promise<void> {
  for (let partition = 0; partition < partitions; partition++)
    await own.admin("DELETE", `${historyPath(own, partition)}/truncate`);
}

async function doctor(own: InProcess): Promise<string[]> {
  return (await examined(own)).map(({ id }) => id);
}

async function examined(own: InProcess): ReturnType<typeof examine> {
  const cluster = openCluster({ serviceUrl: inject("pulsar"), adminUrl: own.adminUrl });
  try {
    return await examine(cluster, { tenant: "public", namespace: own.namespace });
  } finally {
    cluster.close();
  }
}

inNamespace(
  "cut at its front while runs are open: partitions find an owner, runs without a beginning are set aside, all others go on, and everybody says it",
  async (own, folder) => {
    const before = own.startEngine("before");
    await owning(before);
    const booking = own.newClient();
    const old = ids("old", 12);
    const oldRuns = await Promise.all(old.map((runId) => booking.start(waits, undefined, { runId })));
    await own.admin("PUT", `namespaces/public/${own.namespace}/unload`);
    await owning(before);
    const young = ids("young", 12);
    const youngRuns = await Promise.all(young.map((runId) => booking.start(waits, undefined, { runId })));
    await Promise.all(oldRuns.map((run) => run.signal("note")));
    await before.stop();
    expect(
      await until(
        async () => {
          await cutFront(own);
          return (await examined(own)).some(({ found }) =>
            found.startsWith("history of partitions 0, 1, 2, 3 begins"),
          );
        },
        30_000,
        1_000,
      ),
    ).toBe(true);

    const said = new Said();
    await owning(own.startEngine("after", { observer: said }));
    expect([...said.late].toSorted()).toEqual(
      [...new Set(old.map((runId) => partitionOf(runId, partitions)))].toSorted(),
    );
    await Promise.all(youngRuns.map((run) => run.signal("go")));
    const shown = new ShownRuns(own.log, folder);
    const isShown = () => shown.isLive && young.every((runId) => shown.statuses.get(runId) === "completed");
    expect(await until(isShown, 30_000), JSON.stringify([...shown.statuses])).toBe(true);
    for (const runId of old) expect(shown.statuses.get(runId), runId).toBe("damaged");
    expect(shown.leftOut).toContainEqual(
      expect.stringMatching(/^History of this partition begins here, on 20/),
    );
    await shown.close();
  },
);

for (const isRunning of [true, false])
  inNamespace(
    `a partition deleted and made again while ${isRunning ? "its" : "no"} engine runs: what comes then is shown, what is gone is said, and the other partitions lose nothing`,
    async (own, folder) => {
      const engine = own.startEngine("one");
      await owning(engine);
      own.startWorker();
      const shown = new ShownRuns(own.log, folder);
      const first = ids("first", 24);
      await book(own.newClient(), first);
      expect(await until(() => first.every((runId) => shown.statuses.has(runId)), 30_000)).toBe(true);
      if (!isRunning) await engine.stop();
      const hurt = 2;
      await own.admin("DELETE", `${historyPath(own, hurt)}?force=true`);
      if (!isRunning) await owning(own.startEngine("two"));
      const second = ids("second", 24);
      await book(own.newClient(), second);
      const kept = first.filter((runId) => partitionOf(runId, partitions) !== hurt);
      const isShown = () =>
        shown.isLive && [...kept, ...second].every((runId) => shown.statuses.get(runId) === "completed");
      const state = () => JSON.stringify({ failures: shown.failures, runs: [...shown.statuses] });
      expect(await until(isShown, 60_000), state()).toBe(true);
      const gone = /^What had been read of this partition up to 20.*, is gone from the log/;
      expect(shown.leftOut).toContainEqual(expect.stringMatching(gone));
      // Its engine goes on with what it knows; one that knows nothing begins again, and so does the server.
      expect(shown.failures.length > 0).toBe(!isRunning);
      await shown.close();
      if (!isRunning) return;
      expect(await doctor(own)).toContain("history-cut");
      const again = new ShownRuns(own.log, join(folder, "again"));
      const isRead = () => again.isLive && second.every((runId) => again.statuses.has(runId));
      expect(await until(isRead, 30_000)).toBe(true);
      expect(again.leftOut).toContainEqual(
        expect.stringMatching(/^History of this partition begins here, on 20/),
      );
      await again.close();
    },
  );

inNamespace(
  "retention: set-up keeps it from history whatever the namespace has, doctor calls a limit an error, and says what it has cut",
  async (own) => {
    await own.admin("POST", `namespaces/public/${own.namespace}/retention`, {
      retentionTimeInMinutes: 0,
      retentionSizeInMB: 0,
    });
    const limited = async () => (await doctor(own)).filter((id) => id.startsWith("retention"));
    expect(await limited()).toContain("retention-missing-history");
    const cluster = openCluster({ serviceUrl: inject("pulsar"), adminUrl: own.adminUrl });
    for await (const _ of setUp(cluster, { tenant: "public", namespace: own.namespace }));
    cluster.close();
    expect(await until(async () => (await limited()).length === 0, 20_000)).toBe(true);

    const engine = own.startEngine("one");
    await owning(engine);
    const booking = own.newClient();
    const open = ids("open", 8);
    const runs = await Promise.all(open.map((runId) => booking.start(waits, undefined, { runId })));
    await own.admin("PUT", `namespaces/public/${own.namespace}/unload`);
    await owning(engine);
    await Promise.all(runs.map((run) => run.signal("note")));
    for (let partition = 0; partition < partitions; partition++)
      await own.admin("POST", `${historyPath(own, partition)}/trim`);
    expect(await doctor(own)).not.toContain("history-cut");
    await engine.stop();
    await owning(own.startEngine("two"));
    await Promise.all(runs.map((run) => run.signal("go")));
    await Promise.all(runs.map((run) => run.result()));

    await own.admin("POST", `${historyPath(own)}/retention`, {
      retentionTimeInMinutes: 5,
      retentionSizeInMB: -1,
    });
    expect(await until(async () => (await limited())[0] === "retention-limited", 20_000)).toBe(true);
  },
);
