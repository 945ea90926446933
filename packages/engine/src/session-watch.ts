import { type MessageLog, StallWatch } from "@downbeat/message-log";
import { subscriptions, topics } from "@downbeat/protocol";
import { type Clock, logClockOf } from "./clock.ts";

export interface SessionWatchOptions {
  readonly partition: number;
  readonly owner: string;
  readonly log: Pick<MessageLog, "topicStats">;
  readonly clock: Clock;
  /** History is being read, and not yet as far as it is known to go. */
  readonly isBehind: () => boolean;
  readonly hasInbox: () => boolean;
  readonly onHistoryStalled: (silentMs: number) => void;
  readonly onInboxStalled: () => void;
}

/**
 * Looks at a tenure's sessions when they are silent. An owner's history needs no watch: an own record that isn't read back in time ends the tenure. A
 * stand-by's inbox says nothing by right, so the log is asked whether it still counts this engine among the consumers.
 */
export class SessionWatch {
  readonly #history: StallWatch;
  readonly #inbox: StallWatch;

  constructor(options: SessionWatchOptions) {
    const { partition, owner, log, onHistoryStalled, onInboxStalled } = options;
    const clock = logClockOf(options.clock);
    this.#history = new StallWatch({
      clock,
      afterMs: historySilentMs,
      isStalled: async () => options.isBehind(),
      onStalled: onHistoryStalled,
    });
    this.#inbox = new StallWatch({
      clock,
      afterMs: inboxSilentMs,
      isStalled: async () => {
        if (!options.hasInbox()) return false;
        const { subscriptions: all } = await log.topicStats(topics.inbox(partition));
        const engines = all.find(({ name }) => name === subscriptions.engine);
        return options.hasInbox() && engines !== undefined && !engines.consumers.includes(owner);
      },
      onStalled: onInboxStalled,
    });
  }

  historyHeard(): void {
    this.#history.heard();
  }

  inboxHeard(): void {
    this.#inbox.heard();
  }

  close(): void {
    this.#history.close();
    this.#inbox.close();
  }
}

const historySilentMs = 10_000;
const inboxSilentMs = 30_000;
