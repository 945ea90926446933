import type { ProjectionFeed, ReadModel } from "@downbeat/history";
import type { CommandSender } from "./commands/command-sender.ts";
import type { JobTopics } from "./job-topics.ts";
import type { LiveState } from "./live/live-state.ts";

/** What the verbs work with: one for the process. */
export interface Services {
  readonly readModel: ReadModel;
  readonly feed: ProjectionFeed;
  readonly commands: CommandSender;
  readonly jobTopics: JobTopics;
  readonly live: LiveState;
  readonly now: () => number;
  readonly newId: () => string;
  /** How long a mutation waits for its outcome, ms. */
  readonly outcomeTimeoutMs: number;
}

/** What a verb knows of who asks. */
export interface Context extends Services {
  readonly actor: string;
  /** Aborted when whoever asked has gone. */
  readonly signal?: AbortSignal | undefined;
}
