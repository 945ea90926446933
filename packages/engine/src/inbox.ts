import type { AnyRunCommand } from "@downbeat/domain";
import type { Position, ReceivedMessage } from "@downbeat/message-log";
import { topics } from "@downbeat/protocol";
import { Acknowledgements } from "./acknowledgements.ts";
import { because } from "./because.ts";
import { ownCommands } from "./own-commands.ts";
import type { Quarantine } from "./quarantine.ts";

/** An inbox message, or the part of a tenure's work that came from a deadline (then without a position). */
export interface Input {
  readonly commands: readonly AnyRunCommand[];
  readonly position?: Position;
  /** Resolves when the unreadable parts of the message are safe in quarantine. */
  readonly quarantined?: Promise<unknown>;
}

export interface InboxOptions {
  readonly partition: number;
  /** How many there are. */
  readonly partitions: number;
  readonly quarantine: Quarantine;
  readonly acknowledge: (position: Position) => void;
  readonly drop: (reason: string) => void;
}

/** What was asked of the partition and is not decided yet, and what is decided and may not be acknowledged yet. */
export class Inbox {
  readonly #o: InboxOptions;
  readonly #queue: Input[] = [];
  readonly #acknowledgements: Acknowledgements;
  #decidedUpTo: Position | undefined;

  constructor(options: InboxOptions) {
    this.#o = options;
    this.#acknowledgements = new Acknowledgements(options.acknowledge);
  }

  /** @returns whether it is traffic: an idle partition gets a Tick every few seconds, which is none */
  take(message: ReceivedMessage): boolean {
    const { partition, partitions, quarantine } = this.#o;
    const { position } = message;
    const { commands, malformed } = ownCommands(message.payload, partition, partitions);
    const input = { commands: commands.filter((command) => command.type !== "Tick"), position };
    if (malformed.length === 0) this.#queue.push(input);
    else {
      const topic = topics.inbox(partition);
      const quarantined = Promise.all(
        malformed.map(({ reason, text }) => quarantine.add({ topic, position, reason, text })),
      );
      // Where it fails the message stays unacknowledged and comes again; nobody may be left to hear of it after a drop.
      quarantined.catch(() => {});
      this.#queue.push({ ...input, quarantined });
    }
    return input.commands.length > 0 || malformed.length > 0;
  }

  push(input: Input): void {
    this.#queue.push(input);
  }

  get first(): Input | undefined {
    return this.#queue[0];
  }

  shift(): Input | undefined {
    return this.#queue.shift();
  }

  /** Messages that are not acknowledged, as far as they are known here. */
  get size(): number {
    return this.#queue.length + this.#acknowledgements.size;
  }

  /** The newest message that is decided, and all before it with it. */
  get decidedUpTo(): Position | undefined {
    return this.#decidedUpTo;
  }

  /** @param after number of the record to wait for */
  settle({ position, quarantined }: Input, after: number): void {
    if (position === undefined) return;
    this.#decidedUpTo = position;
    if (quarantined === undefined) return this.#acknowledgements.add(position, after);
    quarantined.then(
      () => this.#acknowledgements.add(position, after),
      (error: unknown) => this.#o.drop(`a message could not be quarantined${because(error)}`),
    );
  }

  /** Records up to this number are safe and published. */
  advance(through: number): void {
    this.#acknowledgements.advance(through);
  }
}
