import {
  encodeHistoryRecord,
  followedBy,
  type HistoryRecord,
  recordProperties,
  type SignedLink,
} from "@downbeat/protocol";
import { because } from "./because.ts";
import type { Clock } from "./clock.ts";
import type { Sessions } from "./sessions.ts";

export type Mode = "connecting" | "following" | "claiming" | "owning" | "dropped";

export type Claim = Extract<HistoryRecord, { kind: "claim" }>;

export interface OwnershipOptions {
  readonly owner: string;
  readonly clock: Clock;
  readonly sessions: Pick<Sessions, "areOpen" | "append">;
  /** Properties of the message beside those of all records. */
  readonly sign?: (link: SignedLink, payload: Uint8Array) => Readonly<Record<string, string>>;
  /** How long a claim may take to get its receipt and be read back, ms. */
  readonly readBackTimeoutMs: number;
  /** History is read as far as it went when the tenure began. */
  readonly isCaughtUp: () => boolean;
  /** Epoch of the last claim that counts. */
  readonly epoch: () => number;
  /** The partition's time. */
  readonly now: () => number;
  readonly onClaimed: (claim: Claim) => void;
  readonly onOwning: (claim: Claim) => void;
  readonly drop: (reason: string) => void;
}

/**
 * Whether the partition is this tenure's: claims it, and owns it from the moment that this very claim has its receipt and is read back as accepted.
 * A log may deliver what isn't durable yet. What was decided on such a claim, and then not survived by the process, would have happened under a claim
 * that nobody can count any more.
 */
export class Ownership {
  readonly #o: OwnershipOptions;
  #mode: Mode = "connecting";
  #claim: Claim | undefined;
  #sentAt: number | undefined;
  #isDurable = false;
  #isReadBack = false;
  #isRepeated = false;
  #messageSeen = false;
  #isHeldBack = false;
  #cancelTimeout: (() => void) | undefined;

  constructor(options: OwnershipOptions) {
    this.#o = options;
  }

  get mode(): Mode {
    return this.#mode;
  }

  /** Its claim counts, as far as history is read. Nobody else's record may count then. */
  get holds(): boolean {
    return this.#mode === "owning" || (this.#mode === "claiming" && this.#isReadBack);
  }

  /** History is about to be read. */
  follow(): void {
    this.#mode = "following";
  }

  /** A message came on this inbox session: the log means this process. */
  messageSeen(): void {
    this.#messageSeen = true;
  }

  maybeClaim(): void {
    // Rule 7: without a message on this session the log may mean another process, and the two would fence each other.
    const { sessions } = this.#o;
    if (this.#mode !== "following" || this.#isHeldBack || !this.#o.isCaughtUp() || !sessions.areOpen) return;
    if (!this.#messageSeen) return;
    this.#mode = "claiming";
    this.#sendClaim();
  }

  #sendClaim(): void {
    const { clock, owner, sessions } = this.#o;
    const id = clock.newId();
    const claim = { kind: "claim", id, epoch: this.#o.epoch() + 1, owner, at: this.#o.now() } as const;
    this.#claim = claim;
    this.#sentAt = clock.monotonic();
    this.#o.onClaimed(claim);
    this.#cancelTimeout = clock.setTimer(this.#o.readBackTimeoutMs, () =>
      this.#o.drop("its claim was not read back in time"),
    );
    const payload = encodeHistoryRecord(claim);
    sessions
      .append({
        payload,
        properties: {
          ...recordProperties(id, payload),
          ...this.#o.sign?.({ id, follows: followedBy(claim) }, payload),
        },
      })
      .then(() => {
        this.#isDurable = true;
        this.#maybeOwn(claim);
      })
      .catch((error: unknown) => this.#o.drop(`its claim could not be appended${because(error)}`));
  }

  /** `monotonic()` before the claim of this id was sent, if it is the own one. */
  sentAt(id: string | undefined): number | undefined {
    return id !== undefined && id === this.#claim?.id ? this.#sentAt : undefined;
  }

  /** A newer version has decided here: this one never does. @returns whether that is news */
  holdBack(): boolean {
    // Rule 3: deciding on what can't be read would be a second truth beside the newer engine's.
    const isNews = !this.#isHeldBack;
    this.#isHeldBack = true;
    return isNews;
  }

  /** A message was read that doesn't count, or can't be read. What was written as a claim is for the next owner to judge then. */
  leftOut(id: string, reason: string): void {
    if (id !== "" && id === this.#claim?.id) this.#o.drop(`its claim was not accepted: ${reason}`);
  }

  /** A claim was read that counts. */
  read(claim: Claim): void {
    if (claim.id === this.#claim?.id) {
      this.#isReadBack = true;
      this.#maybeOwn(claim);
    } else if (this.holds) {
      this.#o.drop(`${claim.owner} has claimed the partition`);
    }
  }

  drop(): void {
    this.#mode = "dropped";
    this.#cancelTimeout?.();
  }

  get #tookMs(): number {
    return this.#o.clock.monotonic() - (this.#sentAt ?? 0);
  }

  /**
   * A claim says of the log's time what it was when the log took it. This process may have stood still since, and would set its first timers too early
   * by as much. Once only: on a log that is always so slow there is nothing better.
   */
  #repeat(): void {
    this.#cancelTimeout?.();
    this.#isRepeated = true;
    this.#isDurable = false;
    this.#isReadBack = false;
    this.#sendClaim();
  }

  #maybeOwn(claim: Claim): void {
    // Rule 4: another's claim may have the same epoch and have come first; only this very one, durable and read back, is ours.
    if (this.#mode !== "claiming" || !this.#isDurable || !this.#isReadBack) return;
    // Its claim was on its way when something came that it can't read.
    if (this.#isHeldBack) return this.#o.drop("it can't read all that counts for others");
    if (!this.#isRepeated && this.#tookMs > slowMs) return this.#repeat();
    this.#mode = "owning";
    this.#cancelTimeout?.();
    this.#o.onOwning(claim);
  }
}

/** Times are known as well as a claim is quick. */
const slowMs = 500;
