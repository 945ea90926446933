import type { Failure } from "@downbeat/domain";
import { because } from "./because.ts";
import type { Clock } from "./clock.ts";
import type { Deadlines } from "./deadlines.ts";
import type { Decider } from "./decider.ts";
import type { Fold } from "./fold.ts";
import type { Inbox, Input } from "./inbox.ts";
import type { OwnRecords } from "./own-records.ts";
import type { StateStore } from "./state-store.ts";
import type { Tuning } from "./tuning.ts";

/** So many claims in a row without a decision between them, the own one included, are more than chance. */
const carefulFrom = 2;
/** It costs a commit each, so not for longer than needed to find one. */
const mostCareful = 200;
/** A command that so many processes in a row did not survive is decided without asking the code. */
const mostDeaths = 2;

export interface InboxDeciderOptions {
  readonly inbox: Inbox;
  readonly decider: Decider;
  readonly records: OwnRecords;
  readonly deadlines: Deadlines;
  readonly fold: Fold;
  readonly store: StateStore;
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
  /** Owners before came to nothing, perhaps because of a command that ends the process: so many are decided one at a time. */
  #carefully = 0;

  constructor(options: InboxDeciderOptions) {
    this.#o = options;
    const { fold, store } = options;
    if (fold.barrenClaims >= carefulFrom || store.hasTrials()) this.#carefully = mostCareful;
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
      if (!isOwning() || this.#deciding) return;
      this.#deciding = true;
      (this.#carefully > 0 ? this.#decideCarefully() : this.#decideBatch())
        .catch((error: unknown) => this.#o.drop(`deciding failed${because(error)}`))
        .finally(() => {
          this.#deciding = false;
          this.wake();
        });
    });
  }

  async #decideBatch(): Promise<void> {
    const { deadlines, decider, inbox, isOwning, now, records, tuning } = this.#o;
    const inputs: Input[] = [];
    let count = 0;
    for (let input = inbox.first; input !== undefined && count < tuning.maxBatch; input = inbox.first) {
      inbox.shift();
      inputs.push(input);
      count += input.commands.length;
    }
    const at = now();
    const commands = inputs.flatMap((input) => input.commands);
    const decided = await decider.decideAll(commands, at);
    if (!isOwning()) return;
    records.append(
      decided.filter((one) => one !== undefined),
      at,
    );
    for (const input of inputs) inbox.settle(input, records.number);
    deadlines.changed(commands.map((command) => command.runId));
  }

  /** One message, command by command, each safe in the log before the next: so it is known which one the process does not survive. */
  async #decideCarefully(): Promise<void> {
    const { deadlines, decider, fold, inbox, isOwning, now, records, store } = this.#o;
    const input = inbox.shift();
    if (input === undefined) return;
    for (const command of input.commands) {
      const deaths = store.beginTrial(command.commandId);
      const at = now();
      const instead = deaths < mostDeaths ? undefined : deadly(deaths);
      const [decided] = await decider.decideAll([command], at, instead);
      if (!isOwning()) return;
      if (decided !== undefined) records.append([decided], at);
      await records.quiet();
      if (!isOwning()) return;
      store.endTrial(command.commandId);
    }
    inbox.settle(input, records.number);
    deadlines.changed(input.commands.map((command) => command.runId));
    this.#carefully -= input.commands.length;
    const goesOn = fold.barrenClaims < carefulFrom;
    if (!goesOn) this.#carefully = Math.max(1, this.#carefully);
    else if (this.#carefully <= 0) store.forgetTrials();
    else if (inbox.first === undefined && !store.hasTrials()) this.#carefully = 0;
  }
}

function deadly(deaths: number): Failure {
  return {
    kind: "code",
    name: "EngineEnded",
    message: `The engine ended ${deaths} times while it ran this code, which may never end. It is run again when somebody resumes the run.`,
  };
}
