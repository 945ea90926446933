import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { AppRouter } from "@downbeat/api";
import type { EngineRule } from "@downbeat/domain";
import { type EmbeddedLog, openEmbeddedLog, serve } from "@downbeat/embedded-log";
import {
  AnnouncedWorkflows,
  DelegatedToWorkers,
  Engine,
  MemoryStateStore,
  systemClock,
} from "@downbeat/engine";
import { checkedLog, type MessageLog } from "@downbeat/message-log";
import type { RecordKeys } from "@downbeat/protocol";
import { type AnyWorkflow, job, workflow } from "@downbeat/sdk";
import { inProcessDecisions } from "@downbeat/sdk/decisions";
import { type AnyHandler, type HandlerWithOptions, worker } from "@downbeat/sdk/worker";
import { createTRPCClient, httpLink } from "@trpc/client";
import { z } from "zod";

const oneTry = { retry: { maxAttempts: 1 } };
const pay = job<unknown, string>("pay", oneTry);
const bookHotel = job<unknown, string>("bookHotel", oneTry);
const refund = job<unknown, string>("refund", oneTry);

export const trip = workflow("trip", async (run, input: { approval?: boolean }) => {
  const receipt = await run.job(pay, input);
  run.compensate(refund, receipt);
  await run.job(bookHotel, input);
  if (input?.approval === true) await run.signal("approval", { schema: z.boolean() });
  return "booked";
});

export interface Engineering extends AsyncDisposable {
  readonly url: string;
  readonly log: MessageLog;
  /** Whether the hotel takes bookings. */
  hotelIsUp: boolean;
  /** Of those that were to begin later. */
  startEngines(): void;
}

/** A log in this process, with an engine and a worker for each namespace, as the server finds them. */
export async function openEngineering(
  namespaces = ["public/default"],
  more: {
    readonly workflows?: readonly AnyWorkflow[];
    readonly jobs?: Record<string, AnyHandler | HandlerWithOptions>;
    /** Nothing is decided until it is said to. */
    readonly enginesStartLater?: boolean;
    /** What the engine doesn't host is asked of workers, as servers are for bulk actions. */
    readonly asksWorkers?: boolean;
    /** By which engines sign, and check, records of history. */
    readonly keys?: RecordKeys;
    /** What engines let nobody do alone. */
    readonly rule?: EngineRule;
  } = {},
): Promise<Engineering> {
  const directory = await mkdtemp(join(tmpdir(), "downbeat-server-"));
  const embedded = await openEmbeddedLog({ file: join(directory, "log.db") });
  const logServer = await serve(embedded, { port: 0 });
  const state = { hotelIsUp: true };
  const staffed = await Promise.all(namespaces.map((name) => staff(embedded, name, state, more)));
  return {
    url: logServer.url,
    log: embedded.connect(),
    get hotelIsUp() {
      return state.hotelIsUp;
    },
    set hotelIsUp(value) {
      state.hotelIsUp = value;
    },
    startEngines() {
      for (const { engine } of staffed) engine.start();
    },
    async [Symbol.asyncDispose]() {
      for (const { stop } of staffed) await stop();
      await logServer.close();
      await embedded.close();
      await rm(directory, { recursive: true });
    },
  };
}

async function staff(
  embedded: EmbeddedLog,
  name: string,
  state: { hotelIsUp: boolean },
  {
    workflows = [],
    jobs = {},
    enginesStartLater = false,
    asksWorkers = false,
    keys,
    rule,
  }: NonNullable<Parameters<typeof openEngineering>[1]>,
) {
  const [tenant = "", namespace = ""] = name.split("/");
  const connect = () => embedded.connect({ tenant, namespace });
  for (const topic of ["inbox", "history"]) await connect().createPartitionedTopic(topic, 2);
  const announced = asksWorkers ? new AnnouncedWorkflows(connect(), systemClock) : undefined;
  const hosted = [trip, ...workflows].map(({ name }) => name);
  const history = keys?.of(name);
  const engine = new Engine({
    log: checkedLog(connect(), history?.proofOf),
    keys: history,
    secondPerson: rule && { rule, seals: keys?.sealsOf(name) },
    decisions: inProcessDecisions([trip, ...workflows]),
    ...(announced !== undefined && { delegation: new DelegatedToWorkers(hosted, announced) }),
    partitions: 2,
    owner: "engine-1",
    clock: systemClock,
    store: () => new MemoryStateStore(),
    wallClock: Date.now,
    tickMs: 200,
  });
  if (!enginesStartLater) engine.start();
  const workers = worker({
    log: connect(),
    jobs: {
      ...jobs,
      pay: async () => "receipt",
      bookHotel: async () => {
        if (state.hotelIsUp) return "room";
        throw new TypeError("connect ECONNREFUSED");
      },
      refund: async () => "refunded",
    },
  });
  return {
    engine,
    async stop() {
      await workers.stop({ graceMs: 100 });
      await engine.stop();
      await announced?.close();
    },
  };
}

export interface RunningServer extends AsyncDisposable {
  readonly url: string;
  readonly dataDir: string;
  readonly child: ChildProcess;
  readonly api: ReturnType<typeof createTRPCClient<AppRouter>>;
  /** Of another namespace than the default. */
  apiOf(namespace: string): RunningServer["api"];
  /** Everything it has said. */
  output(): string;
}

const main = join(import.meta.dirname, "../src/main.ts");

/** The server as a process of its own. Resolves when it listens. */
export async function startServer(env: Record<string, string>, dataDir?: string): Promise<RunningServer> {
  const directory = dataDir ?? (await mkdtemp(join(tmpdir(), "downbeat-server-")));
  const started = spawnServer({ DOWNBEAT_PORT: "0", DOWNBEAT_DATA_DIR: directory, ...env });
  await until(() => started.output().includes("is listening") || started.child.exitCode !== null).catch(
    (error: unknown) => {
      started.child.kill("SIGKILL");
      throw error;
    },
  );
  const port = /"port":(\d+)/.exec(started.output())?.[1];
  if (port === undefined) throw new Error(`The server did not start: ${started.output()}`);
  const url = `http://127.0.0.1:${port}`;
  const apiOf = (namespace: string) =>
    createTRPCClient<AppRouter>({ links: [httpLink({ url: `${url}/trpc/${namespace}` })] });
  return {
    ...started,
    url,
    dataDir: directory,
    api: apiOf("public/default"),
    apiOf,
    async [Symbol.asyncDispose]() {
      started.child.kill("SIGKILL");
      await ended(started.child);
      if (dataDir === undefined) await rm(directory, { recursive: true, force: true });
    },
  };
}

/**
 * How many runs, and decisions with their events, a server that is ready holds of a namespace. Looked up in the file itself: asking the server would
 * make it keep events a while longer.
 */
export function heldBy(
  { dataDir }: Pick<RunningServer, "dataDir">,
  namespace: string,
): { readonly runs: number; readonly steps: number } {
  const db = new DatabaseSync(join(dataDir, "server", namespace, "history.sqlite"), { readOnly: true });
  try {
    const count = (table: string) => Number(db.prepare(`SELECT count(*) AS n FROM ${table}`).get()?.n);
    return { runs: count("runs"), steps: count("steps") };
  } finally {
    db.close();
  }
}

export function spawnServer(env: Record<string, string>): { child: ChildProcess; output: () => string } {
  // Half of what a start costs is types that are stripped; they are once for all servers.
  const { NODE_COMPILE_CACHE } = process.env;
  const child = spawn(process.execPath, [main], {
    env: { NODE_COMPILE_CACHE, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream?.on("data", (data) => (output += data));
  return { child, output: () => output };
}

export async function ended(child: ChildProcess): Promise<number | string | null> {
  if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
  return child.exitCode ?? child.signalCode;
}

export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 60_000;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error(`Waited in vain for ${condition}.`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
