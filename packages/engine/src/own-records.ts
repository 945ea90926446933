import type { Effect } from "@downbeat/domain";
import type { OutgoingMessage, ReceivedMessage } from "@downbeat/message-log";
import {
  type DecisionRecord,
  followedBy,
  formatOf,
  isReadable,
  recordProperties,
  type SignedLink,
  signedFormat,
} from "@downbeat/protocol";
import { because } from "./because.ts";
import type { Clock } from "./clock.ts";
import type { Decided } from "./draft.ts";
import type { Fold } from "./fold.ts";
import type { Claim } from "./ownership.ts";
import { recordText } from "./record-text.ts";
import type { RunEntry } from "./run-entry.ts";
import type { Tuning } from "./tuning.ts";

/** A record that this process has appended under its claim. */
export interface OwnRecord {
  /** Counted within the tenure, from 1. */
  readonly number: number;
  readonly record: DecisionRecord;
  readonly entries: ReadonlyMap<string, RunEntry>;
  readonly effects: readonly Effect[];
  readonly commands: number;
  /** As it was sent. */
  readonly payload: Uint8Array;
  /** `monotonic()` before it was sent. */
  readonly sentAt: number;
}

export interface OwnRecordsOptions {
  readonly claim: Claim;
  readonly fold: Fold;
  readonly clock: Clock;
  readonly tuning: Tuning;
  /** Properties of the message beside those of all records; absent where records are not signed. */
  readonly sign?: ((link: SignedLink, payload: Uint8Array) => Readonly<Record<string, string>>) | undefined;
  /** Resolves with the receipt. */
  readonly append: (message: OutgoingMessage) => Promise<unknown>;
  /** The record was read back and counts. */
  readonly onAccepted: (own: OwnRecord) => void;
  readonly drop: (reason: string) => void;
}

/** What an owner has decided, on its way through the log: appended one on the other, then read back as accepted, each in its time. */
export class OwnRecords {
  readonly #o: OwnRecordsOptions;
  readonly #inFlight: OwnRecord[] = [];
  #last: string;
  #number = 0;
  /** Appended without a receipt yet. */
  #unreceipted = 0;
  #onQuiet: (() => void) | undefined;
  #cancelReadBack: (() => void) | undefined;

  constructor(options: OwnRecordsOptions) {
    this.#o = options;
    this.#last = options.claim.id;
  }

  /** Number of the newest one. */
  get number(): number {
    return this.#number;
  }

  /** How many are not read back. */
  get inFlight(): number {
    return this.#inFlight.length;
  }

  /** The number of a record that was there before and is gone through again. */
  nextNumber(): number {
    this.#number += 1;
    return this.#number;
  }

  append(decided: readonly Decided[], at: number): void {
    let part: Decided[] = [];
    let bytes = 0;
    for (const one of decided.flatMap(partsOf)) {
      if (part.length > 0 && bytes + one.bytes > this.#o.tuning.maxRecordBytes) {
        this.#appendOne(part, at);
        part = [];
        bytes = 0;
      }
      part.push(one);
      bytes += one.bytes;
    }
    if (part.length > 0) this.#appendOne(part, at);
  }

  /** @returns whether the message is the one that is to be read back next */
  takes(id: string | undefined): boolean {
    return id !== undefined && id === this.#inFlight[0]?.record.id;
  }

  /** `monotonic()` before the one was sent that is to be read back next. */
  get sentAt(): number | undefined {
    return this.#inFlight[0]?.sentAt;
  }

  /** The next one was read back. Only what came back as it was sent is built on: other readers would see something else. */
  take({ payload, position, proof }: ReceivedMessage): void {
    const own = this.#inFlight.shift();
    if (own === undefined) return;
    if (Buffer.compare(payload, own.payload) !== 0)
      return this.#o.drop("its record was read back other than it was written");
    const record = proof === undefined ? own.record : { ...own.record, isSigned: proof.is === "signed" };
    if (!this.#o.fold.adopt(record, position, own.entries, own.effects))
      return this.#o.drop("its record was not accepted");
    this.#armReadBack();
    this.#o.onAccepted(own);
    this.#checkQuiet();
  }

  /** Resolves when every record is read back and has its receipt; never, after a drop. */
  quiet(): Promise<void> {
    return new Promise((resolve) => {
      this.#onQuiet = resolve;
      this.#checkQuiet();
    });
  }

  close(): void {
    this.#cancelReadBack?.();
  }

  #appendOne(decided: readonly Decided[], at: number): void {
    const { claim, clock, fold } = this.#o;
    const partsLeft = decided.at(-1)?.partsLeft;
    const record: DecisionRecord = {
      kind: "decisions",
      id: clock.newId(),
      prev: this.#last,
      claimId: claim.id,
      epoch: claim.epoch,
      ...formatOfAll(decided, this.#o.sign === undefined ? 1 : signedFormat),
      at,
      dispatchedUpTo: fold.dispatchedUpTo,
      decisions: decided.map((one) => one.decision),
      ...(partsLeft !== undefined && { partsLeft }),
    };
    if (!isReadable(record)) return this.#o.drop("its record could not be read back by anybody");
    this.#last = record.id;
    const entries = new Map<string, RunEntry>();
    for (const one of decided) if (one.entry !== undefined) entries.set(one.decision.runId, one.entry);
    const effects = decided.flatMap((one) => one.effects);
    const payload = Buffer.from(recordText(record, decided));
    const sentAt = clock.monotonic();
    const commands = decided.filter(({ partsLeft }) => partsLeft === undefined).length;
    const own = { number: this.nextNumber(), record, entries, effects, commands, payload, sentAt };
    this.#inFlight.push(own);
    this.#armReadBack();
    this.#send(own);
  }

  #send({ record, payload }: OwnRecord): void {
    this.#unreceipted += 1;
    const { id } = record;
    const signature = this.#o.sign?.({ id, follows: followedBy(record) }, payload);
    this.#o.append({ payload, properties: { ...recordProperties(id, payload), ...signature } }).then(
      () => {
        this.#unreceipted -= 1;
        this.#checkQuiet();
      },
      (error: unknown) => this.#o.drop(`a record could not be appended${because(error)}`),
    );
  }

  #checkQuiet(): void {
    if (this.#inFlight.length === 0 && this.#unreceipted === 0) this.#onQuiet?.();
  }

  #armReadBack(): void {
    const { clock, drop, tuning } = this.#o;
    this.#cancelReadBack?.();
    this.#cancelReadBack = undefined;
    if (this.#inFlight.length === 0) return;
    this.#cancelReadBack = clock.setTimer(tuning.readBackTimeoutMs, () =>
      drop("its record was not read back in time"),
    );
  }
}

function partsOf(decided: Decided): Decided[] {
  const parts: Decided[] = [];
  for (let part: Decided | undefined = decided; part !== undefined; part = part.next) parts.push(part);
  return parts;
}

/** The highest of its events; absent where every version can read it. */
function formatOfAll(decided: readonly Decided[], least: number): { readonly format?: number } {
  let format = least;
  for (const { decision } of decided)
    for (const event of decision.events) format = Math.max(format, formatOf(event));
  // Who does not know of `partsLeft` would not see to the rest.
  if (decided.at(-1)?.partsLeft !== undefined) format = Math.max(format, 2);
  return format === 1 ? {} : { format };
}
