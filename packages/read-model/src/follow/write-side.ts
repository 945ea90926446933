import { PartitionProgress, type PartitionTrouble, troubleOf } from "@downbeat/domain";
import type { Clock, MessageLog } from "@downbeat/message-log";
import { subscriptions, topics } from "@downbeat/protocol";
import type { RefusingTopic } from "../answer-views.ts";
import type { PartitionStatus } from "./feed.ts";
import { TopicWatch } from "./topic-watch.ts";

export interface WriteSideOptions {
  readonly log: MessageLog;
  readonly clock: Clock;
  readonly partitions: number;
  /** How many records of decisions have counted, as far as was read. */
  readonly decisions: (partition: number) => number;
  /** Who claimed it last. */
  readonly owner: (partition: number) => string;
  /** Whether history is read up to its end: else nobody here knows what was decided. */
  readonly isLive: () => boolean;
  readonly onNotice: (sentence: string) => void;
  /** Of jobs that wait for a worker. */
  readonly jobTypes: () => readonly string[];
}

const everyMs = 3_000;
const notLive = "this server is behind the log, or has no connection to it";

interface Watched {
  readonly progress: PartitionProgress;
  decisions: number;
  owner: string | undefined;
}

/** Whether the commands that people and programs send are decided: what waits in each partition's inbox, and who is there to decide it. */
export class WriteSide {
  readonly #o: WriteSideOptions;
  readonly #watched: readonly Watched[];
  readonly #unknown = new Set<number>();
  readonly #topics: TopicWatch;
  #cancel: (() => void) | undefined;
  #closed = false;

  constructor(options: WriteSideOptions) {
    this.#o = options;
    this.#topics = new TopicWatch(options);
    this.#watched = Array.from({ length: options.partitions }, (_, partition) => ({
      progress: new PartitionProgress(2 * everyMs),
      decisions: options.decisions(partition),
      owner: undefined,
    }));
    void this.#look();
  }

  get status(): PartitionStatus[] {
    return this.#watched.map(({ progress, owner }, partition) => ({
      partition,
      ...progress.sight,
      ...(owner !== undefined && { owner }),
    }));
  }

  get troubles(): PartitionTrouble[] {
    return this.#watched.flatMap(
      ({ progress, owner }, partition) => troubleOf(partition, progress.sight, owner) ?? [],
    );
  }

  get refusing(): readonly RefusingTopic[] {
    return this.#topics.refusing;
  }

  close(): void {
    this.#closed = true;
    this.#topics.close();
    this.#cancel?.();
  }

  async #look(): Promise<void> {
    if (this.#o.isLive())
      await Promise.all(this.#watched.map((watched, partition) => this.#ask(watched, partition)));
    else for (const { progress } of this.#watched) progress.miss(this.#o.clock.now(), notLive);
    if (!this.#closed) this.#cancel = this.#o.clock.setTimer(() => void this.#look(), everyMs);
  }

  async #ask(watched: Watched, partition: number): Promise<void> {
    const { log, clock, decisions, owner, onNotice } = this.#o;
    try {
      const { subscriptions: all } = await log.topicStats(topics.inbox(partition));
      const stats = all.find(({ name }) => name === subscriptions.engine);
      const decided = decisions(partition);
      if (decided !== watched.decisions) watched.progress.decided();
      watched.decisions = decided;
      const connected = stats?.activeConsumer ?? stats?.consumers[0];
      const known = connected ?? owner(partition);
      watched.owner = known === "" ? undefined : known;
      watched.progress.look({
        at: clock.now(),
        waiting: stats?.backlog ?? 0,
        hasOwner: connected !== undefined,
      });
      this.#unknown.delete(partition);
    } catch (error) {
      const why = `the log doesn't say what waits: ${error instanceof Error ? error.message : String(error)}`;
      watched.progress.miss(clock.now(), why);
      if (!this.#closed && this.#unknown.size === 0)
        onNotice(`Whether commands are decided can't be told: ${why}`);
      this.#unknown.add(partition);
    }
  }
}
