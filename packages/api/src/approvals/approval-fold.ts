import { type Approval, type ApprovalEvent, approvalStatus, evolveApproval } from "@downbeat/domain";
import {
  type ApprovalWord,
  type ApprovedCommand,
  type RequestedWord,
  requestDigest,
  type TargetsPart,
} from "@downbeat/protocol";
import { KeptTargets, type Standing, type Targets } from "./kept-targets.ts";

/** What was asked for, and how it stands. */
export interface KnownApproval {
  readonly approval: Approval;
  readonly command: ApprovedCommand;
  /** Of a bulk action, how many. */
  readonly targets?: RequestedWord["targets"];
}

/** Targets that are kept here, of all lists together. */
export const mostTargetsKept = 400_000;
/** Requests that nothing more is to come of; the oldest give way, and stay in the log. */
const mostOverKept = 5_000;
/** What a bulk action has listed for itself by then needs no list here, ms. */
const listedWithinMs = 3_600_000;

interface ApprovalFoldOptions {
  readonly now?: () => number;
  readonly mostTargets?: number;
}

/** The topic of approvals, the same for every server. */
export class ApprovalFold {
  readonly #known = new Map<string, KnownApproval>();
  readonly #targets: KeptTargets;
  readonly #mostTargets: number;
  readonly #now: () => number;
  #revision = 0;
  #forgot = false;

  constructor({ now = Date.now, mostTargets = mostTargetsKept }: ApprovalFoldOptions = {}) {
    this.#now = now;
    this.#mostTargets = mostTargets;
    this.#targets = new KeptTargets({ most: mostTargets, standing: (id) => this.#standingOf(id) });
  }

  /** Grows with everything that changes. */
  get revision(): number {
    return this.#revision;
  }

  /** Whether there were more requests than are kept. */
  get forgot(): boolean {
    return this.#forgot;
  }

  /** In the order in which they were asked for. */
  get all(): readonly KnownApproval[] {
    return [...this.#known.values()];
  }

  of(id: string): KnownApproval | undefined {
    return this.#known.get(id);
  }

  /** What was fixed, part by part; `undefined` where not all of it is here, or is not what was asked for. */
  targetsOf(id: string): readonly Targets[] | undefined {
    const fixed = this.#known.get(id)?.targets;
    return fixed && this.#targets.of(id, fixed);
  }

  /** Whether all of a list is here that nobody has asked for yet. */
  hasList(id: string, fixed: NonNullable<RequestedWord["targets"]>): boolean {
    return this.#targets.of(id, fixed) !== undefined;
  }

  /** Whether so many targets can be kept besides those that somebody waits for. */
  hasRoomFor(count: number): boolean {
    let needed = count;
    for (const [id, { targets }] of this.#known)
      if (targets !== undefined && this.#standingOf(id)?.isOver === false) needed += targets.count;
    return needed <= this.#mostTargets;
  }

  take(word: ApprovalWord | TargetsPart): void {
    if (word.type === "targets") return this.#targets.take(word);
    const before = this.#known.get(word.id);
    const approval = evolveApproval(before?.approval, eventOf(word));
    if (approval === undefined || approval === before?.approval) return;
    this.#revision++;
    if (word.type !== "requested") {
      if (before !== undefined) this.#known.set(word.id, { ...before, approval });
      if (word.type === "rejected" || word.type === "withdrawn") this.#targets.settle(word.id, undefined);
      return;
    }
    const { command, targets } = word;
    this.#known.set(word.id, { approval, command, ...(targets !== undefined && { targets }) });
    this.#targets.settle(word.id, targets);
    this.#forgetOver(word.at);
  }

  #standingOf(id: string): Standing | undefined {
    const known = this.#known.get(id);
    if (known === undefined) return undefined;
    const { approval, targets } = known;
    const { execution } = approval;
    const now = this.#now();
    const status = approvalStatus(approval, now);
    const isListing = execution?.outcome.is === "done" && now < execution.at + listedWithinMs;
    return { isOver: status !== "waiting" && status !== "approved" && !isListing, fixed: targets };
  }

  #forgetOver(now: number): void {
    let over = this.#known.size - mostOverKept;
    for (const [id, { approval }] of this.#known) {
      if (over <= 0) return;
      const status = approvalStatus(approval, now);
      if (status === "waiting" || status === "approved") continue;
      this.#known.delete(id);
      this.#forgot = true;
      this.#targets.settle(id, undefined);
      over--;
    }
  }
}

function eventOf(word: ApprovalWord): ApprovalEvent {
  if (word.type === "executed") {
    const { type, id, at, outcome } = word;
    const { is, why } = outcome;
    return { type, id, at, outcome: { is, ...(why !== undefined && { why }) } };
  }
  if (word.type !== "requested") return word;
  const { type, id, by, at, expiresAt } = word;
  return { type, id, by, at, expiresAt, digest: requestDigest(word) };
}
