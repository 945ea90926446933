import { setTimeout } from "node:timers/promises";
import {
  AnnouncedWorkflows,
  type Clock,
  DelegatedToWorkers,
  Engine,
  SqliteStateStores,
  systemClock,
  Witness,
  workNotesFile,
} from "@downbeat/engine";
import { countDropped, openOutput } from "@downbeat/output";
import { engineRuleText, keepClosedOf } from "@downbeat/protocol";
import { type Logger, pino } from "pino";
import { readEnv } from "./env.ts";
import { serveHealth } from "./http.ts";
import { InboxWatch } from "./inbox-watch.ts";
import { observe } from "./metrics.ts";
import { Readiness } from "./readiness.ts";
import { recordKeysOfEngine } from "./record-keys.ts";
import { setUp } from "./set-up.ts";
import { startWatchdog } from "./watchdog.ts";
import { openLog, snapshotsOf } from "./wiring.ts";
import { loadWorkflows } from "./workflows.ts";

const clock: Clock = systemClock;

async function main(): Promise<void> {
  // What is in the log is nobody else's on this machine: directories 0700, files 0600.
  process.umask(0o077);
  const env = readEnv();
  const output = openOutput();
  const logger = pino({ name: "engine", level: env.LOG_LEVEL }, output);
  const recordKeys = recordKeysOfEngine(env);
  const keys = recordKeys?.of(`${env.DOWNBEAT_TENANT}/${env.DOWNBEAT_NAMESPACE}`);
  const { path: snapshots, knownBefore } = snapshotsOf(env, recordKeys);
  const stopWatchdog = startWatchdog({ notes: workNotesFile(snapshots) });
  const { DOWNBEAT_WORKFLOWS: code, DOWNBEAT_WORKFLOW_THREADS: threads } = env;
  const { decisions, names, close } = await loadWorkflows(code, threads, {
    onStray: (runId, err) =>
      logger.warn({ runId, err }, "a promise that the code of a run left behind was rejected"),
    onProblem: (problem, err) => logger.warn({ err }, problem),
    logger,
  });
  const readiness = new Readiness();
  const { observer, registry, damaged, removed } = observe(logger, () => readiness.state);
  countDropped(registry, output);
  const opened = await openLog(
    env,
    recordKeys,
    {
      onFatal: (error, trouble) => endWithoutLog(logger, error, trouble),
      onDamaged: damaged,
      onFull: (is, sentence) => {
        logger[is ? "error" : "warn"](sentence);
        readiness.diskFull(is ? sentence : undefined);
        process.send?.({ type: "notice", sentence });
      },
      onNotice: (sentence) => {
        logger.warn(sentence);
        process.send?.({ type: "notice", sentence });
      },
      onCompacted: (pass) => {
        logger.info(pass, "closed runs were removed from the log");
        removed(pass.runs);
      },
      onNotCompacted: (reason) =>
        logger.warn(
          { reason },
          "closed runs could not be removed from the log; it is tried again within an hour",
        ),
    },
    logger,
  );
  logger.info({ url: opened.url, embedded: opened.embedded }, "the log is open");
  if (opened.embedded && env.DOWNBEAT_NO_LOG_TOKEN)
    logger.warn(
      "the log asks for no token (DOWNBEAT_NO_LOG_TOKEN): every process of this machine, whoever runs it, may read and write it",
    );
  if (recordKeys !== undefined)
    logger.info(
      { checkedBy: recordKeys.ids, signedBy: recordKeys.signingId },
      recordKeys.signingId === undefined
        ? "records of history are checked, and none is signed here: no key signs"
        : "records of history are signed and checked",
    );

  let engine: Engine | undefined;
  let witness: Witness | undefined;
  let inboxes: InboxWatch | undefined;
  let stores: SqliteStateStores | undefined;
  let announced: AnnouncedWorkflows | undefined;
  const health = await serveHealth(env.DOWNBEAT_ENGINE_PORT, () => readiness.state, registry);
  const stop = stopper(async () => {
    inboxes?.stop();
    await engine?.stop();
    await witness?.close();
    await announced?.close();
    await close();
    stores?.close();
    await health.close();
    await opened.close();
    await stopWatchdog();
  });
  process.on("SIGTERM", stop);
  process.on("SIGINT", stop);
  // Started by another process of ours that is gone.
  process.on("disconnect", stop);

  const partitions = await setUp({
    url: opened.url,
    namespace: `${env.DOWNBEAT_TENANT}/${env.DOWNBEAT_NAMESPACE}`,
    prepare: opened.prepare,
    pause: setTimeout,
    onWaiting: (sentence, againInMs) => {
      logger.warn({ againInMs }, sentence);
      readiness.waiting(sentence);
      process.send?.({ type: "waiting", why: sentence });
    },
  });
  if (env.DOWNBEAT_ROLE === "log") {
    readiness.servesLog();
    return void process.send?.({ type: "ready" });
  }
  const onDamagedSnapshots = (error: Error) => {
    logger.fatal(
      { err: error },
      "the file of its snapshots is damaged; it is deleted and read from the log again",
    );
    process.exit(1);
  };
  const keepIdsMs = opened.embedded ? keepClosedOf(env)?.idsMs : undefined;
  stores = new SqliteStateStores(snapshots, onDamagedSnapshots, keepIdsMs);
  if (stores.rebuilt !== undefined)
    logger.warn(
      { reason: stores.rebuilt },
      "the file of its snapshots was damaged; it is read from the log again",
    );
  const store = stores.partition.bind(stores);
  inboxes = new InboxWatch({
    log: opened.witnessLog,
    clock,
    partitions,
    onLook: () => void readiness.state,
    onTrouble: (reason) =>
      logger.warn(
        { reason },
        "the log doesn't say what waits in the inboxes; whether it is decided can't be told",
      ),
  });
  const seen = new Witness({
    log: opened.witnessLog,
    clock,
    onDecided: (partition) => inboxes?.progress(partition)?.decided(),
  });
  witness = seen;
  announced = new AnnouncedWorkflows(opened.log, clock);
  engine = new Engine({
    log: opened.log,
    decisions,
    delegation: new DelegatedToWorkers(env.DOWNBEAT_CODE_IN === "workers" ? [] : names, announced),
    partitions,
    owner: env.DOWNBEAT_ENGINE_NAME,
    clock,
    wallClock: Date.now,
    store,
    handOverAgain: env.DOWNBEAT_HAND_OVER_AGAIN,
    keys,
    secondPerson: env.DOWNBEAT_SECOND_PERSON && {
      rule: env.DOWNBEAT_SECOND_PERSON,
      seals: recordKeys?.sealsOf(`${env.DOWNBEAT_TENANT}/${env.DOWNBEAT_NAMESPACE}`),
    },
    knownClaim: (partition) => knownBefore.get(partition),
    observer: {
      ...observer,
      claimed: (partition, epoch, place) => {
        observer.claimed?.(partition, epoch, place);
        seen.claimed(partition, place);
      },
      appended: (partition, recordId) => seen.appended(partition, recordId),
      beginsLate: (partition, at) => {
        observer.beginsLate?.(partition, at);
        readiness.beginsLate(partition, at);
      },
      dropped: (partition, reason) => {
        observer.dropped?.(partition, reason);
        seen.dropped(partition);
        readiness.dropped(partition, reason);
      },
    },
  });
  // One that lacks the rule of its servers refuses nothing: it is seen here, in /readyz and in the metrics alone.
  const secondPerson =
    env.DOWNBEAT_SECOND_PERSON === undefined ? "nothing" : engineRuleText(env.DOWNBEAT_SECOND_PERSON);
  readiness.runs({ engine, name: env.DOWNBEAT_ENGINE_NAME, secondPerson, witness: seen, inboxes, clock });
  engine.start();
  logger.info(
    { workflows: names, partitions, name: env.DOWNBEAT_ENGINE_NAME, secondPerson },
    "the engine runs",
  );
  process.send?.({ type: "ready" });
}

/** What has a receipt is in the file, where that still is. */
function endWithoutLog(logger: Logger, error: Error, trouble: string): void {
  logger.fatal({ err: error, trouble }, error.message);
  process.stderr.write(`${error.message}\n`);
  if (trouble !== "gone" || process.send === undefined) process.exit(1);
  // Started again it would begin with an empty log: who started it should know.
  process.send({ type: "gone", why: error.message }, () => process.exit(1));
}

function stopper(stop: () => Promise<void>): () => void {
  let stopping = false;
  return () => {
    if (stopping) return;
    stopping = true;
    globalThis.setTimeout(() => process.exit(1), 10_000).unref();
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
