import { bulkJobs, bulkWorkflow, topics } from "@downbeat/protocol";

/** How a namespace should be. What is not given is left as it is where it is set, and set as Downbeat needs it where it is not. */
export interface Wanted {
  readonly tenant: string;
  readonly namespace: string;
  /** Not given: as many as there are, or 4. */
  readonly partitions?: number;
  /** Whose topics and subscriptions are made ahead; those of other job types are made when they are first asked for. */
  readonly jobTypes?: readonly string[];
  /** Whose questions' topics and subscriptions are made ahead. */
  readonly workflows?: readonly string[];
  /** Of these workflows: those of which questions have topics of their own, made ahead too. */
  readonly builds?: readonly string[];
  /** Not given: unlimited, unless something else is set already. */
  readonly historyRetention?: Retention;
  readonly offload?: Offload;
  /** Other clusters that get a copy of history. Empty: none any more. */
  readonly replicateTo?: readonly string[];
  /** As whom engines, servers and workers sign in at the brokers, which are then told what each may. */
  readonly engineRoles?: readonly string[];
  readonly serverRoles?: readonly string[];
  /** Of workers of `jobTypes` and `workflows`, and of clients. */
  readonly workerRoles?: readonly string[];
}

/** What is over either of the two goes. -1: unlimited. */
export interface Retention {
  readonly minutes: number;
  readonly megabytes: number;
}

/** Which segments move to cheaper storage, and where to. */
export interface Offload {
  /** Closed segments are moved when the topic holds more than this. 0: as soon as they are closed. */
  readonly thresholdBytes: number;
  /** How long a moved segment stays in BookKeeper too. */
  readonly deletionLagMs: number;
  /** Not given: the one the broker is set to. */
  readonly storage?: OffloadStorage;
}

export type OffloadStorage =
  | { readonly driver: "filesystem"; readonly uri: string; readonly profile: string }
  | {
      readonly driver: "aws-s3";
      readonly bucket: string;
      readonly region?: string;
      readonly endpoint?: string;
    };

/** Topics that are made ahead because somebody named what they are for, and those of the server's own workflow. */
export function namedTopics({ jobTypes = [], workflows = [], builds = [] }: Wanted): readonly string[] {
  const jobs = [...jobTypes, ...Object.values(bulkJobs)].map(topics.jobs);
  return [...new Set([...jobs, ...questionTopics(workflows, builds), topics.decisions(bulkWorkflow)])];
}

/** What is asked of these workflows, and of these builds of theirs. */
export function questionTopics(workflows: readonly string[], builds: readonly string[]): readonly string[] {
  return workflows.flatMap((workflow) => [
    topics.decisions(workflow),
    ...builds.map((build) => topics.decisionsOfBuild(workflow, build)),
  ]);
}

export const defaultPartitions = 4;

export const unlimited: Retention = { minutes: -1, megabytes: -1 };

/** What no one could parse is for people, who come within some days. */
export const quarantineRetention: Retention = { minutes: 30 * 24 * 60, megabytes: -1 };

/** Of a worker that has been silent for that long nobody wants to know. */
export const workersRetention: Retention = { minutes: 60, megabytes: -1 };

/** `unlimited`, `90 days`, `90 days, at most 500 GB` */
export function retentionWords({ minutes, megabytes }: Retention): string {
  const time = minutes < 0 ? "unlimited" : minutes === 0 ? "nothing is kept" : timeWords(minutes);
  return megabytes < 0 || minutes === 0
    ? time
    : `${minutes < 0 ? "" : `${time}, `}at most ${sizeWords(megabytes)}`;
}

function sizeWords(megabytes: number): string {
  return megabytes >= 1_024 && megabytes % 1_024 === 0 ? `${megabytes / 1_024} GB` : `${megabytes} MB`;
}

function timeWords(minutes: number): string {
  if (minutes % (24 * 60) === 0) return minutes === 24 * 60 ? "1 day" : `${minutes / (24 * 60)} days`;
  return minutes % 60 === 0 ? `${minutes / 60} h` : `${minutes} min`;
}
