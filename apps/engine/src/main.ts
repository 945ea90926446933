import { type Clock, Engine, SqliteStateStores, systemClock } from "@downbeat/engine";
import { LogError, type MessageLog } from "@downbeat/message-log";
import { partitionedTopics } from "@downbeat/protocol";
import { type Logger, pino } from "pino";
import { type Env, readEnv } from "./env.ts";
import { serveHealth } from "./http.ts";
import { observe } from "./metrics.ts";
import { startWatchdog } from "./watchdog.ts";
import { openLog, snapshotFile } from "./wiring.ts";
import { loadWorkflows } from "./workflows.ts";

const clock: Clock = systemClock;

async function main(): Promise<void> {
  const env = readEnv();
  const logger = pino({ name: "engine", level: env.LOG_LEVEL });
  const stopWatchdog = startWatchdog();
  const { decisions, names } = await loadWorkflows(env.DOWNBEAT_WORKFLOWS);
  const opened = await openLog(env, (error) => {
    logger.fatal({ err: error }, "the log's file can't be written any more; what has a receipt is safe");
    process.exit(1);
  });
  logger.info({ url: opened.url, embedded: opened.embedded }, "the log is open");

  const { observer, registry } = observe(logger);
  let engine: Engine | undefined;
  let stores: SqliteStateStores | undefined;
  const health = await serveHealth(env.DOWNBEAT_ENGINE_PORT, () => readiness(engine, env), registry);
  const stop = stopper(async () => {
    await engine?.stop();
    stores?.close();
    await health.close();
    await opened.close();
    await stopWatchdog();
  });
  process.on("SIGTERM", stop);
  process.on("SIGINT", stop);
  // Started by another process of ours that is gone.
  process.on("disconnect", stop);

  const partitions = await setUp(opened.log, env, logger);
  if (env.DOWNBEAT_ROLE === "log") return void process.send?.({ type: "ready" });
  stores = new SqliteStateStores(snapshotFile(env));
  const store = stores.partition.bind(stores);
  engine = new Engine({
    log: opened.log,
    decisions,
    partitions,
    owner: env.DOWNBEAT_ENGINE_NAME,
    clock,
    wallClock: Date.now,
    store,
    observer,
  });
  engine.start();
  logger.info({ workflows: names, partitions, name: env.DOWNBEAT_ENGINE_NAME }, "the engine runs");
  process.send?.({ type: "ready" });
}

/** Makes the partitioned topics where they are missing, and waits for a log that is not there yet. */
async function setUp(log: MessageLog, env: Env, logger: Logger): Promise<number> {
  for (let wait = 500; ; wait = Math.min(wait * 2, 10_000)) {
    try {
      const known = await log.partitionsOf("history");
      const partitions = known > 0 ? known : env.DOWNBEAT_PARTITIONS;
      for (const topic of partitionedTopics) await log.createPartitionedTopic(topic, partitions);
      return partitions;
    } catch (error) {
      if (!(error instanceof LogError) || error.code !== "unavailable") throw error;
      logger.warn({ reason: error.message, againInMs: wait }, "the log can't be reached; trying again");
      await new Promise((resolve) => setTimeout(resolve, wait));
    }
  }
}

function readiness(engine: Engine | undefined, env: Env): { ready: boolean; partitions: readonly string[] } {
  if (env.DOWNBEAT_ROLE === "log") return { ready: true, partitions: [] };
  const partitions = engine?.modes ?? [];
  return {
    ready: partitions.length > 0 && partitions.every((mode) => mode !== "connecting" && mode !== "dropped"),
    partitions,
  };
}

function stopper(stop: () => Promise<void>): () => void {
  let stopping = false;
  return () => {
    if (stopping) return;
    stopping = true;
    setTimeout(() => process.exit(1), 10_000).unref();
    stop().then(
      () => process.exit(0),
      (error: unknown) => fail(error),
    );
  };
}

function fail(error: unknown): never {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
}

main().catch(fail);
