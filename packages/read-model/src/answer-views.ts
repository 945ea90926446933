import type { PartitionTrouble } from "@downbeat/domain";

/** What answers say of themselves: how fresh they are, where they come from and what they lack. */

/** Every answer says how fresh it is. */
export interface Freshness {
  /** Everything the log took up to this time is in the answer, ms since the epoch. */
  readonly completeTo: number;
  /** Records of the log that are not read yet, as far as is known. */
  readonly behind: number;
  readonly live: boolean;
  /** Said when something is missing or unavailable, in one sentence. */
  readonly note?: string;
  /** What the log took before this time is in the answer only as far as `note` or `missing` say. Absent: the answer goes back to the beginning of the log. */
  readonly completeFrom?: number;
  /** Where the answer comes from. */
  readonly sources?: readonly AnswerSource[];
  /** How what came before `completeFrom` is found. */
  readonly earlier?: EarlierState;
  /** Partitions whose commands are not decided, or of which that can't be told (`unknown`); `note` says it in a sentence. */
  readonly undecided?: readonly PartitionTrouble[];
  /** Topics to which nothing can be sent; `note` says it in a sentence. Absent: none, or it can't be told. */
  readonly refusing?: readonly RefusingTopic[];
  /** So many records of history can't be used; `quarantine.list` has them. Absent: none. */
  readonly leftOut?: number;
  /** Retention removes runs some time after their ends: of those that ended up to this time some are gone, ms since the epoch. Absent: none is. */
  readonly removedUpTo?: number;
  /** Some runs that ended up to this time were removed before this read model was made: figures of the time before lack them. Absent: none was. */
  readonly countedFrom?: number;
}

/** What belongs there waits, and everything else goes on. */
export interface RefusingTopic {
  readonly topic: string;
  /** In a sentence without a subject before it, as the log says it. */
  readonly reason: string;
}

/** The read model begins in the midst of the log. What was before is found elsewhere. */
export interface EarlierState {
  /** Where, for people: `Pulsar SQL`. */
  readonly source: string;
  /** What the log took from this time on is in the read model, ms since the epoch. */
  readonly beginning: number;
  /** Being found out: which of the earlier records don't count, or which runs were open at the beginning. */
  readonly step?: "records" | "openRuns";
  /** Of the step, 0 to 100. */
  readonly percent?: number;
  /** The runs that were open at the beginning are in the read model too. Until then, lists and figures lack them. */
  readonly openRunsKnown: boolean;
  /** Runs in which something happened since the beginning that are not in the read model. */
  readonly orphanRuns: number;
  /** Why it does not go on, in one sentence; it is tried again by itself. */
  readonly trouble?: string;
}

/** Figures of some days are not there yet. */
export interface FiguresMissing {
  /** Where they are asked for, for people. */
  readonly source: string;
  /** ms since the epoch; whole days (UTC). */
  readonly from: number;
  readonly to: number;
  readonly days: number;
  /** Of the part that is being asked for, 0 to 100. */
  readonly percent?: number;
  /** Why they don't come, in one sentence; asking again tries again. */
  readonly trouble?: string;
}

export interface AnswerSource {
  /** For people: `the read model`, `Pulsar SQL`, `the log`. */
  readonly source: string;
  /** ms. Of a lookup whose answer was kept: what it took then. */
  readonly tookMs: number;
  /** What the log took up to this time was looked at, ms since the epoch. */
  readonly completeTo: number;
}

/** Events of a run that an answer lacks. */
export interface MissingEvents {
  /** So many, from the first on. */
  readonly count: number;
  /** One sentence. */
  readonly why: string;
}

/** A run's events are being looked for outside the read model. */
export interface RunLookup {
  readonly source: string;
  readonly state: "waiting" | "planning" | "reading" | "finishing";
  readonly percent?: number;
  /** Read so far. */
  readonly rows: number;
  readonly elapsedMs: number;
}
