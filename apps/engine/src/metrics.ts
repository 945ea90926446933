import type { EngineObserver } from "@downbeat/engine";
import { comparePositions, type Position } from "@downbeat/message-log";
import type { Logger } from "pino";
import { Counter, collectDefaultMetrics, Gauge, Registry } from "prom-client";
import { DropLines } from "./drop-lines.ts";
import { beginsLateSentence, heldBackSentence, type PartitionState, type ReadyState } from "./readiness.ts";
import type { Damage } from "./wiring.ts";

/** What was seen of the log's clock. */
const clockSentences = {
  ahead: "the log's clock jumped ahead; it is not followed unless it stays there for a minute",
  over: "the log's clock is where it was before it jumped",
  followed: "the log's clock has stayed where it jumped to, and is followed",
  back: "the log's clock was set back",
  behind:
    "what is recorded is ahead of the log's clock: time goes on from there, a little slower, until both are one",
} as const;

/** What the engine does, counted for Prometheus and told in the log. */
export function observe(
  logger: Logger,
  state: () => ReadyState,
): {
  observer: EngineObserver;
  registry: Registry;
  /** To be told of what is damaged in the embedded log. */
  damaged: (damage: Damage) => void;
  /** To be told of closed runs that were removed from the embedded log. */
  removed: (runs: number) => void;
} {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const counter = <Label extends string>(name: string, help: string, labelNames: readonly Label[] = []) =>
    new Counter({ name: `downbeat_engine_${name}`, help, labelNames, registers: [registry] });
  const commands = counter("commands_total", "Commands decided by this process and accepted by the log");
  const events = counter("events_total", "Events accepted by the log from this process");
  const records = counter("records_total", "Decision records accepted by the log");
  const claims = counter("claims_total", "Claims appended");
  const drops = counter("drops_total", "Partitions given up, to start over");
  const zombies = counter("ignored_records_total", "Records of others that did not count");
  const quarantined = counter("quarantined_total", "Messages nobody could parse", ["topic"]);
  const attempts = counter("attempts_total", "Attempts handed to workers", ["job_type"]);
  new Gauge({
    name: "downbeat_engine_ready",
    help: "1 when every partition is owned, what waits in its own is decided, and what it appended was read back.",
    registers: [registry],
    collect() {
      this.set(state().ready ? 1 : 0);
    },
  });
  new Gauge({
    name: "downbeat_engine_second_person",
    help: "1 for what needs a second person to this engine, as it was told; 0 for what it does without.",
    labelNames: ["action"],
    registers: [registry],
    collect() {
      const { secondPerson } = state();
      if (secondPerson === undefined) return;
      const told = secondPerson.split(",");
      for (const action of ["terminate", "complete", "bulk"])
        this.set({ action }, told.includes(action) ? 1 : 0);
    },
  });
  const partitionGauge = (
    name: string,
    help: string,
    value: (of: PartitionState) => number | undefined,
  ): void => {
    new Gauge({
      name: `downbeat_partition_${name}`,
      help,
      labelNames: ["partition"],
      registers: [registry],
      collect() {
        // What can't be told is absent: a 0 would be believed.
        this.reset();
        for (const each of state().partitions) {
          const known = value(each);
          if (known !== undefined) this.set({ partition: each.partition }, known);
        }
      },
    });
  };
  partitionGauge(
    "progress_seconds",
    "For so long commands wait in the partition and none is decided; 0 while they are, when none waits, or when it is another engine's; absent when it can't be told.",
    ({ mode, stalledMs }) =>
      stalledMs === undefined ? undefined : mode === "following" ? 0 : stalledMs / 1_000,
  );
  partitionGauge(
    "unknown_seconds",
    "For so long it can't be told what waits in the partition and who decides it; 0 while it can.",
    ({ unknown, waiting }) =>
      unknown === undefined && waiting === undefined ? undefined : (unknown?.forMs ?? 0) / 1_000,
  );
  partitionGauge(
    "unseen_seconds",
    "For so long this engine has appended a record that no independent reader sees as accepted; 0 when all are seen.",
    ({ unseenMs }) => unseenMs / 1_000,
  );
  partitionGauge(
    "waiting_commands",
    "Messages in the partition's inbox that are not settled; absent when it can't be told.",
    ({ waiting }) => waiting,
  );
  partitionGauge("owned", "1 when this engine owns the partition.", ({ mode }) =>
    mode === "owning" ? 1 : 0,
  );
  partitionGauge(
    "held_back",
    "1 when a newer version has decided in the partition, so that this engine doesn't.",
    ({ heldBack }) => (heldBack === undefined ? 0 : 1),
  );
  const leftOut = new Counter({
    name: "downbeat_history_left_out_total",
    help: "Messages of history that could not be used: damaged, or written by no engine",
    labelNames: ["partition"],
    registers: [registry],
  });
  /** Of each partition the last that was left out: it comes again when history is read again. */
  const lastLeftOut = new Map<number, Position>();
  const again = counter("attempts_handed_over_again_total", "Attempts that were in no queue any more", [
    "job_type",
  ]);
  const refusing = new Gauge({
    name: "downbeat_engine_topic_refusing",
    help: "1 for a topic that took nothing when something was last sent there",
    labelNames: ["topic"],
    registers: [registry],
  });
  const strays = counter("clock_strays_total", "Times that the log's clock was not where it should be", [
    "what",
  ]);
  const dropLines = new DropLines(logger);
  const observer: EngineObserver = {
    claimed: (partition, epoch) => {
      claims.inc();
      logger.debug({ partition, epoch }, "claiming");
    },
    owning: (partition, epoch) => dropLines.owning(partition, epoch),
    dropped: (partition, reason) => {
      drops.inc();
      dropLines.dropped(partition, reason);
    },
    accepted: (_, commandCount, eventCount) => {
      records.inc();
      commands.inc(commandCount);
      events.inc(eventCount);
    },
    ignoredRecord: () => zombies.inc(),
    leftOut: (partition, position, reason) => {
      const last = lastLeftOut.get(partition);
      if (last !== undefined && comparePositions(position, last) <= 0) return;
      lastLeftOut.set(partition, position);
      leftOut.inc({ partition });
      logger.error({ partition, position, reason }, "a message of history is left out");
    },
    beginsLate: (partition, at) => logger.warn({ partition }, beginsLateSentence(partition, at)),
    heldBack: (partition, reason) => logger.error({ partition }, heldBackSentence(partition, reason)),
    quarantined: (topic, reason) => {
      quarantined.inc({ topic });
      logger.warn({ topic, reason }, "a message went to quarantine");
    },
    dispatched: (jobType) => attempts.inc({ job_type: jobType }),
    handedOverAgain: (jobType, count) => {
      again.inc({ job_type: jobType }, count);
      logger.warn(
        { jobType, attempts: count },
        "attempts were in no queue any more and are handed over again",
      );
    },
    topicRefuses: (topic, reason) => {
      refusing.set({ topic }, 1);
      logger.warn({ topic, reason }, "nothing can be sent to the topic; it is tried again");
    },
    topicReplaced: (topic, by, reason) =>
      logger.warn({ topic, by, reason }, "the topic can't be had; what is for it goes to another one"),
    topicTakes: (topic) => {
      refusing.remove({ topic });
      logger.info({ topic }, "the topic takes messages again");
    },
    clockStrayed: (partition, what, byMs) => {
      strays.inc({ what });
      logger.warn({ partition, byMs: Math.round(byMs) }, clockSentences[what]);
    },
    snapshotNotSaved: (partition, reason) => logger.error({ partition }, reason),
    snapshotSaved: (partition) => logger.warn({ partition }, "there is room for its snapshots again"),
    snapshotDiscarded: (partition, reason) =>
      logger.warn({ partition, reason }, "discarded its snapshot and reads history from the beginning"),
  };
  const damages = new Counter({
    name: "downbeat_log_damaged_messages_total",
    help: "Messages of the embedded log that were read and are not what was stored",
    registers: [registry],
  });
  const damaged = ({ topic, position, sentence }: Damage) => {
    damages.inc();
    logger.error({ topic, position }, sentence);
    // Where people look first: the log is written as JSON.
    process.stderr.write(`${sentence}\n`);
  };
  const removals = new Counter({
    name: "downbeat_log_removed_runs_total",
    help: "Closed runs that retention removed from the embedded log",
    registers: [registry],
  });
  return { observer, registry, damaged, removed: (runs) => removals.inc(runs) };
}
