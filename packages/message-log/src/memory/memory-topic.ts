import type { Clock } from "../clock.ts";
import type { ConsumerOptions, OutgoingMessage, SubscriptionStats } from "../message-log.ts";
import { type Position, position } from "../position.ts";
import { MemorySubscription } from "./memory-subscription.ts";

export interface StoredMessage extends OutgoingMessage {
  readonly position: Position;
  readonly publishTime: number;
  readonly properties: Readonly<Record<string, string>>;
}

export class MemoryTopic {
  readonly name: string;
  readonly clock: Clock;
  readonly onActivity: () => void;
  readonly messages: StoredMessage[] = [];
  readonly subscriptions = new Map<string, MemorySubscription>();
  readonly producerNames = new Set<string>();
  /** The highest number taken of each producer with a name. */
  readonly numbers = new Map<string, number>();
  /** Told when there is another message. */
  readonly listeners = new Set<() => void>();

  constructor(name: string, clock: Clock, onActivity: () => void) {
    this.name = name;
    this.clock = clock;
    this.onActivity = onActivity;
  }

  append(message: OutgoingMessage): Position {
    const at = position(0, this.messages.length);
    const { properties = {} } = message;
    this.messages.push({ ...message, properties, position: at, publishTime: Math.floor(this.clock.now()) });
    this.onActivity();
    for (const listener of this.listeners) listener();
    return at;
  }

  subscription({ subscription: name, type, initialPosition }: ConsumerOptions): MemorySubscription {
    let subscription = this.subscriptions.get(name);
    if (subscription === undefined) {
      const first = initialPosition === "latest" ? this.messages.length : 0;
      subscription = new MemorySubscription(this, name, type, first);
      this.subscriptions.set(name, subscription);
      const wake = subscription.wake;
      this.listeners.add(wake);
    }
    return subscription;
  }

  stats(): SubscriptionStats[] {
    return Array.from(this.subscriptions.values(), (subscription) => subscription.stats());
  }
}

/** The number of a message in its topic. */
export function indexOf(at: Position): number {
  return Number(at.slice(17, 33));
}
