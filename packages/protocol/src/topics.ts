import { hashString } from "@downbeat/domain";

const buildTopics = 256;

/**
 * The closed catalogue of topics in one tenant and namespace. Names only; the string `persistent://…` is built by the
 * Pulsar adapter.
 */
export const topics = {
  /** Commands to runs. Partitioned; key = runId. */
  inbox: (partition: number) => `inbox-partition-${partition}`,
  /** Claims and decision records. Partitioned as the inbox. */
  history: (partition: number) => `history-partition-${partition}`,
  /** Attempts for workers of one job type; key = `runId/jobId`. */
  jobs: (jobType: string) => `jobs-${jobType}`,
  /** Questions to whoever hosts the workflow; key = a few of its runs, see `questionKey`. */
  decisions: (workflow: string) => `decisions-${workflow}`,
  /** Questions that are for workers of one build. Builds share a few topics, so that they don't pile up. */
  decisionsOfBuild: (workflow: string, build: string) =>
    `decisions-${workflow}.${hashString(build) % buildTopics}`,
  /** Delayed wake-ups; key = runId. */
  timers: "timers",
  /** Attempts that nobody waits for any more, for whichever worker has them; key = runId. Readers only, and of use for minutes. */
  calledOff: "called-off",
  /** What no one could parse, with the reason. Readers only. */
  quarantine: "quarantine",
  /** Queries that people saved, and that they deleted them; key = the query's id, the last message of a key counts. Readers only. */
  savedQueries: "saved-queries",
  /** What people say of causes that stop runs; key = the cause, the last message of a key counts. Readers only. */
  causeMarks: "cause-marks",
  /** What people did about what is in quarantine; key = the entry, the last message of a key counts. Readers only. */
  quarantineMarks: "quarantine-marks",
  /** How people look at lists, what they start runs with, and that they deleted it; key = its id, the last message of a key counts. Readers only. */
  savedViews: "saved-views",
  /** What people want workflows to reach, and that they gave it up; key = the goal's id, the last message of a key counts. Readers only. */
  goals: "goals",
  /** What people look at together, and that they gave it up; key = the board's id. Readers only; never compacted: e-mails that were sent have keys of their own, and all of them count. */
  boards: "boards",
  /** What people want to be told of, what servers found, and who was told. Readers only, but for one consumer: the server that looks. */
  alerts: "alerts",
  /** What was asked for that needs a second person, and who said what of it; key = the request's id. Readers only; never compacted. */
  approvals: "approvals",
  /** What people did, and what was refused to them, as servers know it. Readers only; never compacted, kept forever. */
  audit: "audit",
  /** Workers, that they are there and that they stop; key = the worker's id. Readers only, and of use for minutes. */
  workers: "workers",
  /**
   * Workflows that workers host and kinds of jobs that they do, with their schemas; key = the name and which definition of it, the last message of a key counts.
   * Readers only.
   */
  workflows: "workflows",
} as const;

export const partitionedTopics = ["inbox", "history"] as const;

/** Without partitions, one of each whatever jobs there are. */
export const singleTopics: readonly string[] = [
  topics.timers,
  topics.calledOff,
  topics.quarantine,
  topics.savedQueries,
  topics.causeMarks,
  topics.quarantineMarks,
  topics.savedViews,
  topics.goals,
  topics.boards,
  topics.alerts,
  topics.approvals,
  topics.audit,
  topics.workers,
  topics.workflows,
];

export const subscriptions = {
  /** Every engine process on every inbox partition, Failover. */
  engine: "engine",
  /** Workers on their job topics, Shared. */
  workers: "workers",
  /** Workers on the topics of the workflows that they host, Key_Shared. */
  deciders: "deciders",
  /** Engine processes on the timers topic, Shared. */
  timers: "timers",
  /** Servers on the topic of alerts, Exclusive: whoever holds it looks, for all. */
  alerting: "alerting",
} as const;

/** A job type or workflow name becomes part of a topic name. */
export const namePattern = /^[A-Za-z][A-Za-z0-9_-]{0,99}$/;
