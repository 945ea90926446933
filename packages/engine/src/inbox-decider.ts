import { because } from "./because.ts";
import type { Clock } from "./clock.ts";
import type { Deadlines } from "./deadlines.ts";
import type { DeadlyCommands } from "./deadly-commands.ts";
import type { Decider } from "./decider.ts";
import type { Fold } from "./fold.ts";
import type { Inbox, Input } from "./inbox.ts";
import type { OwnRecords } from "./own-records.ts";
import type { Tuning } from "./tuning.ts";

export interface InboxDeciderOptions {
  readonly inbox: Inbox;
  readonly decider: Decider;
  readonly records: OwnRecords;
  readonly deadlines: Deadlines;
  readonly fold: Fold;
  readonly deadly: DeadlyCommands;
  readonly clock: Clock;
  readonly tuning: Tuning;
  readonly isOwning: () => boolean;
  /** The partition's time. */
  readonly now: () => number;
  readonly drop: (reason: string) => void;
}

/** Decides what is in the inbox: many messages into one record, or one command at a time where one of them may end the process. */
export class InboxDecider {
  readonly #o: InboxDeciderOptions;
  #deciding = false;
  #armed = false;

  constructor(options: InboxDeciderOptions) {
    this.#o = options;
  }

  /** Something came, or there is room again. */
  wake(): void {
    const { clock, inbox, isOwning, records, tuning } = this.#o;
    if (!isOwning() || this.#deciding || this.#armed || inbox.first === undefined) return;
    if (records.inFlight >= tuning.maxInFlight) return;
    this.#armed = true;
    // Deferred, so that everything that arrives in one turn of the event loop is decided into one record.
    clock.defer(() => {
      this.#armed = false;
      if (!isOwning()) return;
      this.#deciding = true;
      (this.#o.deadly.isCareful ? this.#decideCarefully() : this.#decideBatch())
        .catch((error: unknown) => this.#o.drop(`deciding failed${because(error)}`))
        .finally(() => {
          this.#deciding = false;
          this.wake();
        });
    });
  }

  async #decideBatch(): Promise<void> {
    const { deadlines, deadly, decider, inbox, isOwning, now, records, tuning } = this.#o;
    const inputs: Input[] = [];
    let count = 0;
    for (let input = inbox.first; input !== undefined && count < tuning.maxBatch; input = inbox.first) {
      inbox.shift();
      inputs.push(input);
      count += input.commands.length;
    }
    const at = now();
    const commands = inputs.flatMap((input) => input.commands);
    deadly.together();
    const decided = await decider.decideAll(commands, at, deadly);
    deadly.decided();
    if (!isOwning()) return;
    records.append(
      decided.filter((one) => one !== undefined),
      at,
    );
    // Rule 17: a duplicate waits too: what it was recognised by may not be accepted yet.
    for (const input of inputs) inbox.settle(input, records.number);
    deadlines.changed(commands.map((command) => command.runId));
  }

  /** One message, command by command, each safe in the log before the next: so it is known which one the process does not survive. */
  async #decideCarefully(): Promise<void> {
    const { deadlines, deadly, decider, fold, inbox, isOwning, now, records } = this.#o;
    const input = inbox.shift();
    if (input === undefined) return;
    for (const command of input.commands) {
      const at = now();
      deadly.alone(command.commandId);
      const [decided] = await decider.decideAll([command], at, deadly);
      deadly.decided();
      if (!isOwning()) return;
      if (decided !== undefined) records.append([decided], at);
      await records.quiet();
      if (!isOwning()) return;
      deadly.survived(command.commandId);
    }
    inbox.settle(input, records.number);
    deadlines.changed(input.commands.map((command) => command.runId));
    deadly.spent(input.commands.length, fold.barrenClaims, inbox.first === undefined);
  }
}
