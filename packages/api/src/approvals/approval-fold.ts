import { type Approval, type ApprovalEvent, approvalStatus, evolveApproval } from "@downbeat/domain";
import {
  type ApprovalWord,
  type ApprovedCommand,
  type RequestedWord,
  requestDigest,
  type TargetsPart,
  targetsDigest,
} from "@downbeat/protocol";

type Targets = TargetsPart["targets"];

/** What was asked for, and how it stands. */
export interface KnownApproval {
  readonly approval: Approval;
  readonly command: ApprovedCommand;
  /** Of a bulk action, how many. */
  readonly targets?: RequestedWord["targets"];
}

/** Lists of targets that are kept here, in all; the oldest give way. */
const mostTargetsKept = 400_000;
/** Requests that nothing more is to come of; the oldest give way, and stay in the log. */
const mostOverKept = 5_000;

/** The topic of approvals, the same for every server. */
export class ApprovalFold {
  readonly #known = new Map<string, KnownApproval>();
  readonly #targets = new Map<string, Map<number, Targets>>();
  #targetCount = 0;
  #revision = 0;

  /** Grows with everything that changes. */
  get revision(): number {
    return this.#revision;
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
    const parts = [...(this.#targets.get(id) ?? [])].sort(([one], [other]) => one - other);
    if (fixed === undefined || parts.length !== fixed.parts) return undefined;
    const lists = parts.map(([, list]) => list);
    return targetsDigest(lists) === fixed.sha ? lists : undefined;
  }

  take(word: ApprovalWord | TargetsPart): void {
    if (word.type === "targets") return this.#keep(word);
    const before = this.#known.get(word.id);
    const approval = evolveApproval(before?.approval, eventOf(word));
    if (approval === undefined || approval === before?.approval) return;
    this.#revision++;
    if (word.type !== "requested") {
      if (before !== undefined) this.#known.set(word.id, { ...before, approval });
      if (word.type === "rejected" || word.type === "withdrawn") this.#forgetTargets(word.id);
      return;
    }
    const { command, targets } = word;
    this.#known.set(word.id, { approval, command, ...(targets !== undefined && { targets }) });
    this.#forgetOver(word.at);
  }

  /** A part that is there already stays: what was asked for is what was there when it was. */
  #keep({ id, part, targets }: TargetsPart): void {
    const parts = this.#targets.get(id) ?? new Map<number, Targets>();
    if (parts.has(part)) return;
    this.#targets.set(id, parts.set(part, targets));
    this.#targetCount += targets.length;
    for (const oldest of this.#targets.keys()) {
      if (this.#targetCount <= mostTargetsKept || oldest === id) return;
      this.#forgetTargets(oldest);
    }
  }

  #forgetTargets(id: string): void {
    for (const list of this.#targets.get(id)?.values() ?? []) this.#targetCount -= list.length;
    this.#targets.delete(id);
  }

  #forgetOver(now: number): void {
    let over = this.#known.size - mostOverKept;
    for (const [id, { approval }] of this.#known) {
      if (over <= 0) return;
      const status = approvalStatus(approval, now);
      if (status === "waiting" || status === "approved") continue;
      this.#known.delete(id);
      this.#forgetTargets(id);
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
