import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { emptyCursor, type RunEvent } from "@downbeat/domain";
import { openEmbeddedLog, serve } from "@downbeat/embedded-log";
import { readHistory, topics } from "@downbeat/protocol";
import { job, workflow } from "@downbeat/sdk";
import { client } from "@downbeat/sdk/client";
import { worker } from "@downbeat/sdk/worker";
import { expect, onTestFinished, test, vi } from "vitest";
import { z } from "zod";

vi.setConfig({ testTimeout: 240_000 });
const patience = { timeout: 60_000, interval: 50 };

const partitions = 2;
const release = "2026-11-27";

const pack = job<string, string>("pack");
const send = job<string, string>("send");
const ship = workflow("ship", async (run, order: string) => {
  const packed = await run.job(pack, order);
  await run.sleep("10 ms");
  const paid = await run.signal<boolean>("paid");
  return `${packed} ${await run.job(send, order)} ${paid}`;
});

/** The programs of an earlier release, where its imports find what is installed. */
async function unpack(): Promise<string> {
  const packed = await readFile(join(import.meta.dirname, "releases", `${release}.json.gz`));
  const files = z.record(z.string(), z.string()).parse(JSON.parse(gunzipSync(packed).toString()));
  const folder = await scratch("earlier-");
  await writeFile(join(folder, "package.json"), '{ "type": "module" }');
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
  return join(folder, "main.js");
}

async function scratch(name: string): Promise<string> {
  const cache = join(import.meta.dirname, "..", ".cache");
  await mkdir(cache, { recursive: true });
  const folder = await mkdtemp(join(cache, name));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** Log, client and worker of today, and engines of both releases as processes that one may kill. */
async function staged() {
  const programs = { earlier: await unpack(), today: join(import.meta.dirname, "../src/main.ts") };
  const folder = await scratch("beside-");
  const embedded = await openEmbeddedLog({ file: join(folder, "log.sqlite"), storage: "inline" });
  const log = embedded.connect();
  const { url, close } = await serve(embedded, { port: 0 });
  for (const topic of ["inbox", "history"]) await log.createPartitionedTopic(topic, partitions);
  const owners: string[][] = [[], []];
  const told = new Map<string, RunEvent[]>();
  const unread: string[] = [];
  for (let partition = 0; partition < partitions; partition++) {
    let cursor = emptyCursor;
    await log.openReader(topics.history(partition), {
      from: "earliest",
      onMessage: (message) => {
        const reading = readHistory(cursor, message);
        cursor = reading.cursor;
        if (reading.type === "claim") owners[partition]?.push(reading.record.owner);
        else if (reading.type === "decisions")
          for (const { runId, events } of reading.record.decisions)
            told.set(runId, [...(told.get(runId) ?? []), ...events]);
        // What a killed engine had still sent when another one had claimed the partition is left out by all alike.
        else if (reading.type !== "leftOut" || reading.cause !== "notCounted")
          unread.push(JSON.stringify(reading));
      },
    });
  }
  const done: string[] = [];
  const hosted = worker({
    log: embedded.connect(),
    logger: false,
    workflows: [ship],
    isolation: "none",
    jobs: {
      pack: (order: string) => `${done.push(`pack ${order}`) > 0 ? order : ""} packed`,
      send: (order: string) => (done.push(`send ${order}`) > 0 ? "sent" : ""),
    },
  });
  const guests = client({ log: embedded.connect(), logger: false, answerWithin: "2 minutes" });
  const children = new Set<ChildProcess>();
  onTestFinished(async () => {
    await guests.close();
    await hosted.stop({ graceMs: 100 });
    for (const child of children) await kill(child);
    await close();
    await embedded.close();
  });
  async function start(which: keyof typeof programs): Promise<ChildProcess> {
    const child = fork(programs[which], [], {
      env: {
        NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE,
        DOWNBEAT_LOG_URL: url,
        DOWNBEAT_DATA_DIR: join(folder, which),
        DOWNBEAT_ENGINE_PORT: "0",
        DOWNBEAT_ENGINE_NAME: which,
        DOWNBEAT_PARTITIONS: `${partitions}`,
        LOG_LEVEL: "warn",
      },
      execArgv: [],
      stdio: ["ignore", "ignore", "inherit", "ipc"],
    });
    children.add(child);
    return child;
  }
  async function kill(child: ChildProcess): Promise<void> {
    children.delete(child);
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, "exit");
    child.kill("SIGKILL");
    await ended;
  }
  const ownedBy = (which: keyof typeof programs) =>
    vi.waitFor(() => expect(owners.map((each) => each.at(-1))).toEqual(owners.map(() => which)), patience);
  const placed = (runId: string) => told.get(runId)?.some(({ type }) => type === "SignalAwaited") === true;
  return { start, kill, ownedBy, guests, told, unread, done, placed, owners };
}

test(`an engine of today and one of ${release} work on one log, and go on with what the other began`, async () => {
  const { start, kill, ownedBy, guests, told, unread, done, placed, owners } = await staged();
  const order = (round: number) => Array.from({ length: 12 }, (_, index) => `order-${round}-${index}`);
  const begin = async (orders: readonly string[]) => {
    const runs = await Promise.all(orders.map((id) => guests.start(ship, id, { runId: id })));
    await vi.waitFor(() => expect(orders.filter((id) => !placed(id))).toEqual([]), patience);
    return runs;
  };
  const finish = async (runs: Awaited<ReturnType<typeof begin>>) => {
    await Promise.all(runs.map((run) => run.signal("paid", true)));
    expect(await Promise.all(runs.map((run) => run.result()))).toEqual(
      runs.map(({ runId }) => `${runId} packed sent true`),
    );
  };

  let earlier = await start("earlier");
  await ownedBy("earlier");
  const ofEarlier = await begin(order(1));

  let today = await start("today");
  await kill(earlier);
  await ownedBy("today");
  await finish(ofEarlier.slice(0, 6));
  const ofToday = await begin(order(2));

  earlier = await start("earlier");
  await kill(today);
  await ownedBy("earlier");
  await finish([...ofToday.slice(0, 6), ...ofEarlier.slice(6)]);
  const shared = await begin(order(3));

  // Beside each other, each with the partitions that the log gives it.
  today = await start("today");
  await Promise.all([finish([...ofToday.slice(6), ...shared]), begin(order(4)).then(finish)]);
  await kill(today);
  await finish(await begin(order(5)));

  const orders = [1, 2, 3, 4, 5].flatMap(order);
  expect(unread).toEqual([]);
  expect([...told.keys()].sort()).toEqual([...orders].sort());
  for (const id of orders)
    expect(
      told
        .get(id)
        ?.filter(({ type }) => /^Run(Started|Completed|Failed|Stuck)$/.test(type))
        .map(({ type }) => type),
    ).toEqual(["RunStarted", "RunCompleted"]);
  // Each of them; a second time where an engine was killed before it had recorded an answer.
  expect(new Set(done)).toEqual(new Set(orders.flatMap((id) => [`pack ${id}`, `send ${id}`])));
  expect(new Set(owners.flat())).toEqual(new Set(["earlier", "today"]));
});
