import { PartitionProgress } from "@downbeat/domain";
import type { Clock } from "@downbeat/engine";
import type { MessageLog } from "@downbeat/message-log";
import { subscriptions, topics } from "@downbeat/protocol";

export interface InboxWatchOptions {
  readonly log: Pick<MessageLog, "topicStats">;
  readonly clock: Pick<Clock, "monotonic" | "setTimer">;
  readonly partitions: number;
  /** After each look. */
  readonly onLook: () => void;
  /** Once, until all can be asked again. */
  readonly onTrouble: (reason: string) => void;
}

const everyMs = 3_000;

/** What waits in the inboxes and who the log gives them to, as the log says it now and then. */
export class InboxWatch {
  readonly #o: InboxWatchOptions;
  readonly #progress: readonly PartitionProgress[];
  readonly #owners = new Map<number, string>();
  readonly #unknown = new Set<number>();
  #cancel: (() => void) | undefined;
  #stopped = false;

  constructor(options: InboxWatchOptions) {
    this.#o = options;
    this.#progress = Array.from({ length: options.partitions }, () => new PartitionProgress(2 * everyMs));
    void this.#look();
  }

  progress(partition: number): PartitionProgress | undefined {
    return this.#progress[partition];
  }

  /** The engine that the log gives the partition's messages to; empty when none is connected, `undefined` when the log doesn't say. */
  owner(partition: number): string | undefined {
    return this.#owners.get(partition);
  }

  stop(): void {
    this.#stopped = true;
    this.#cancel?.();
  }

  async #look(): Promise<void> {
    await Promise.all(this.#progress.map((progress, partition) => this.#ask(partition, progress)));
    this.#o.onLook();
    if (!this.#stopped) this.#cancel = this.#o.clock.setTimer(everyMs, () => void this.#look());
  }

  async #ask(partition: number, progress: PartitionProgress): Promise<void> {
    try {
      const { subscriptions: all } = await this.#o.log.topicStats(topics.inbox(partition));
      const stats = all.find(({ name }) => name === subscriptions.engine);
      const owner = stats?.activeConsumer ?? stats?.consumers[0];
      this.#owners.set(partition, owner ?? "");
      progress.look({
        at: this.#o.clock.monotonic(),
        waiting: stats?.backlog ?? 0,
        hasOwner: owner !== undefined,
      });
      this.#unknown.delete(partition);
    } catch (error) {
      this.#owners.delete(partition);
      const why = error instanceof Error ? error.message : String(error);
      progress.miss(this.#o.clock.monotonic(), `the log doesn't say what waits: ${why}`);
      if (!this.#stopped && this.#unknown.size === 0) this.#o.onTrouble(why);
      this.#unknown.add(partition);
    }
  }
}
