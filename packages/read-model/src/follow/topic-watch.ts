import { type Clock, type MessageLog, noSuchTopic } from "@downbeat/message-log";
import { partitionedTopics, topics } from "@downbeat/protocol";
import type { RefusingTopic } from "../answer-views.ts";

export interface TopicWatchOptions {
  readonly log: MessageLog;
  readonly clock: Clock;
  readonly partitions: number;
  /** Of jobs that wait for a worker. */
  readonly jobTypes: () => readonly string[];
}

const everyMs = 10_000;
/** A topic that is being moved, or made, says for a moment what is over at the next look. */
const looks = 2;

/** Whether the topics take what is sent to them: one that is terminated, full or gone stops what needs it, and nothing else. */
export class TopicWatch {
  readonly #o: TopicWatchOptions;
  readonly #found = new Map<string, { readonly reason: string; readonly times: number }>();
  #cancel: (() => void) | undefined;
  #closed = false;

  constructor(options: TopicWatchOptions) {
    this.#o = options;
    if (options.log.refusalOf !== undefined) void this.#look();
  }

  get refusing(): readonly RefusingTopic[] {
    return Array.from(this.#found, ([topic, { reason, times }]) => ({ topic, reason, times }))
      .filter(({ times }) => times >= looks)
      .map(({ topic, reason }) => ({ topic, reason }));
  }

  close(): void {
    this.#closed = true;
    this.#cancel?.();
  }

  async #look(): Promise<void> {
    const { log, clock, jobTypes, partitions } = this.#o;
    const ofPartitions = Array.from({ length: partitions }, (_, partition) =>
      partitionedTopics.map((topic) => topics[topic](partition)),
    ).flat();
    const all = [topics.timers, ...jobTypes().map(topics.jobs), ...ofPartitions];
    for (const known of this.#found.keys()) if (!all.includes(known)) this.#found.delete(known);
    for (const topic of all) {
      if (this.#closed) return;
      try {
        this.#note(topic, await log.refusalOf?.(topic));
      } catch {
        // It can't be told now, of this one: what is known of it stays.
      }
    }
    if (!this.#closed) this.#cancel = clock.setTimer(() => void this.#look(), everyMs);
  }

  #note(topic: string, reason: string | undefined): void {
    // What only a first message makes may be missing; a job that waits has been sent.
    const isExpected = reason === noSuchTopic && !topic.startsWith(topics.jobs(""));
    if (reason === undefined || isExpected) this.#found.delete(topic);
    else this.#found.set(topic, { reason, times: (this.#found.get(topic)?.times ?? 0) + 1 });
  }
}
