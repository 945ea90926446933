import type { FreshnessPart } from "../views.ts";
import type { DiskUse } from "./about-server.ts";

/** A partition of inbox and history. Absent is what can't be told, now or on this log. */
export interface PartitionView {
  readonly partition: number;
  readonly owner?: string;
  /** Number of the claim with which it became the owner. */
  readonly epoch?: number;
  /** Commands that wait to be decided. */
  readonly waiting?: number;
  /** For so long commands wait and none is decided, ms; 0: they are. */
  readonly stalledMs?: number;
  /** For so long no engine is connected to it, ms; 0: one is. */
  readonly unownedMs?: number;
  /** How far its history is read here, and when the log took that, ms since the epoch. */
  readonly position?: string;
  readonly completeTo?: number;
}

/** A kind of jobs: what waits in its topic, and who is there for it. */
export interface JobTopicView {
  readonly topic: string;
  readonly jobType: string;
  /** Attempts that no worker has begun, and since when the oldest of them waits, ms since the epoch. */
  readonly waiting: number;
  readonly waitingSince?: number;
  readonly running: number;
  /** As many can run at once, of those that have announced themselves. */
  readonly capacity: number;
  /** Messages that the log holds for it, those with a worker included; absent when it doesn't say. */
  readonly backlog?: number;
  /** Connected to it; absent when the log doesn't say. */
  readonly consumers?: number;
}

/** What is asked of workers that host the workflow. */
export interface QuestionTopicView {
  readonly topic: string;
  readonly workflow: string;
  readonly waiting: number;
  readonly waitingSince?: number;
  /** Workers that host it. */
  readonly workers: number;
}

export interface SystemView {
  readonly parts: readonly FreshnessPart[];
  readonly partitions: readonly PartitionView[];
  readonly readModel: {
    /** Records still to be read. */
    readonly behind: number;
    /** Of the log, since the server started. */
    readonly records: number;
    readonly events: number;
    /** What the last write took. */
    readonly flushMs: number;
    /** Absent when the system doesn't say. */
    readonly disk?: DiskUse;
  };
  readonly jobTopics: readonly JobTopicView[];
  readonly questionTopics: readonly QuestionTopicView[];
  readonly quarantine: { readonly messages: number; readonly refused: number; readonly leftOut: number };
  readonly server: {
    readonly version: string;
    readonly node: string;
    readonly host: string;
    readonly startedAt: number;
    readonly log: string;
  };
  readonly settings: readonly { readonly name: string; readonly value: string }[];
  /** What can't be told, now or on this log, each in a sentence. */
  readonly unknown: readonly string[];
}
