import type { MessageLog } from "@downbeat/message-log";
import { encodeGoalMessage, type GoalMessage, parseGoalMessage, topics } from "@downbeat/protocol";
import { SharedTopic } from "../shared/shared-topic.ts";
import { GoalFold, type GoalState, type SavedGoal } from "./goal-fold.ts";

export interface GoalsOptions {
  readonly log: MessageLog;
  /** How long an answer may wait for the log, ms. */
  readonly patienceMs?: number;
}

/** What people want to be reached, kept in the log: every server shows the same. */
export class Goals {
  readonly #fold = new GoalFold();
  readonly #topic: SharedTopic;

  constructor({ log, patienceMs }: GoalsOptions) {
    this.#topic = new SharedTopic({
      log,
      patienceMs,
      topic: topics.goals,
      what: "the goals",
      onMessage: (payload) => {
        const message = parseGoalMessage(payload);
        if (message !== undefined) this.#fold.take(message);
      },
    });
  }

  /** By name. Everything that the log held when it was asked is in it. Rejects with `ApiError("unavailable")`. */
  async all(): Promise<SavedGoal[]> {
    await this.#topic.readUpToNow();
    return this.#fold.goals.sort((one, other) => one.goal.name.localeCompare(other.goal.name));
  }

  /** Grows with every change that this server knows of. */
  get revision(): number {
    return this.#fold.revision;
  }

  /** What became of a goal, once `all` or `append` has read the log. */
  stateOf(id: string): GoalState | undefined {
    return this.#fold.stateOf(id);
  }

  /** Of what `stateOf` tells. */
  versionOf(id: string): number {
    return this.#fold.versionOf(id);
  }

  /** Resolves when it is durable, and in the next answer: with whether it counts, or something else came in between. */
  async append(message: GoalMessage): Promise<boolean> {
    await this.#topic.append(encodeGoalMessage(message), message.id);
    return this.#fold.isBy(message.id, message.changeId);
  }

  close(): Promise<void> {
    return this.#topic.close();
  }
}
