import type { MessageLog } from "@downbeat/message-log";
import { subscriptions, topics } from "@downbeat/protocol";

export interface JobTopicFigures {
  /** Attempts that no worker has taken or not finished. */
  readonly backlog: number;
  readonly workers: number;
}

const keptMs = 2_000;

/** What waits in the topics of job types, and who works on it. Asked of the log at most once in a while. */
export class JobTopics {
  readonly #log: MessageLog;
  readonly #now: () => number;
  readonly #known = new Map<
    string,
    { readonly at: number; readonly figures: Promise<JobTopicFigures | undefined> }
  >();

  constructor(log: MessageLog, now: () => number) {
    this.#log = log;
    this.#now = now;
  }

  /** `undefined` when the log can't say. */
  figures(jobType: string): Promise<JobTopicFigures | undefined> {
    const known = this.#known.get(jobType);
    if (known !== undefined && this.#now() - known.at < keptMs) return known.figures;
    const figures = this.#ask(jobType);
    this.#known.set(jobType, { at: this.#now(), figures });
    return figures;
  }

  async #ask(jobType: string): Promise<JobTopicFigures | undefined> {
    try {
      const stats = await this.#log.topicStats(topics.jobs(jobType));
      const workers = stats.subscriptions.find(({ name }) => name === subscriptions.workers);
      return { backlog: workers?.backlog ?? 0, workers: workers?.consumers.length ?? 0 };
    } catch {
      return undefined;
    }
  }
}
