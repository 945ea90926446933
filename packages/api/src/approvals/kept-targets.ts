import { type RequestedWord, type TargetsPart, targetsDigest } from "@downbeat/protocol";

export type Targets = TargetsPart["targets"];
type Fixed = NonNullable<RequestedWord["targets"]>;

/** One list of a request: an ask that broke off and was repeated has several, and only the digest of one is in the request. */
interface KeptList {
  readonly id: string;
  /** Absent of lists by older servers. */
  readonly sha: string | undefined;
  readonly parts: Map<number, Targets>;
  /** What its digest was found to be, while no part is added. */
  digest?: string | undefined;
}

/** What is known of a request when there is not room for all lists. */
export interface Standing {
  /** Nothing more is done by its list. */
  readonly isOver: boolean;
  /** Of the request; absent where it has none. */
  readonly fixed: Fixed | undefined;
}

interface KeptTargetsOptions {
  /** Kept at most, in all lists together. */
  readonly most: number;
  /** `undefined` while nobody has asked by that id. */
  readonly standing: (id: string) => Standing | undefined;
}

/** Lists of targets, of requests and of what is about to be one. What somebody waits for never gives way to what is new. */
export class KeptTargets {
  readonly #o: KeptTargetsOptions;
  /** Oldest first. */
  readonly #lists = new Map<string, KeptList>();
  #count = 0;

  constructor(options: KeptTargetsOptions) {
    this.#o = options;
  }

  /** Part by part; `undefined` where not all of it is here, or is not what was asked for. */
  of(id: string, fixed: Fixed): readonly Targets[] | undefined {
    for (const list of [this.#lists.get(keyOf(id, fixed.sha)), this.#lists.get(keyOf(id, undefined))]) {
      if (list === undefined || list.parts.size !== fixed.parts) continue;
      const parts = inOrder(list);
      list.digest ??= targetsDigest(parts);
      if (list.digest === fixed.sha) return parts;
    }
    return undefined;
  }

  /** A part that is there already stays: what was asked for is what was there when it was. */
  take({ id, sha, part, targets }: TargetsPart): void {
    const standing = this.#o.standing(id);
    if (standing !== undefined && !belongsTo(standing, part, sha)) return;
    const key = keyOf(id, sha);
    const list = this.#lists.get(key) ?? { id, sha, parts: new Map<number, Targets>() };
    if (list.parts.has(part) || !this.#makeRoom(targets.length, list)) return;
    this.#lists.set(key, list);
    list.parts.set(part, targets);
    list.digest = undefined;
    this.#count += targets.length;
  }

  /** Of what was asked for without these, nothing is kept. */
  settle(id: string, fixed: Fixed | undefined): void {
    for (const [key, list] of this.#lists) {
      const mayBeIt = fixed !== undefined && (list.sha === undefined || list.sha === fixed.sha);
      if (list.id === id && !mayBeIt) this.#forget(key, list);
    }
  }

  #makeRoom(count: number, but: KeptList): boolean {
    const isFull = () => this.#count + count > this.#o.most;
    if (!isFull()) return true;
    const giveWay = (isFree: (standing: Standing | undefined) => boolean): void => {
      for (const [key, list] of this.#lists) {
        if (!isFull()) return;
        if (list !== but && isFree(this.#o.standing(list.id))) this.#forget(key, list);
      }
    };
    giveWay((standing) => standing?.isOver === true);
    // Somebody may be about to ask for it: they hear that it is gone.
    giveWay((standing) => standing === undefined);
    return !isFull();
  }

  #forget(key: string, { parts }: KeptList): void {
    for (const targets of parts.values()) this.#count -= targets.length;
    this.#lists.delete(key);
  }
}

function belongsTo({ isOver, fixed }: Standing, part: number, sha: string | undefined): boolean {
  if (isOver || fixed === undefined || part >= fixed.parts) return false;
  return sha === undefined || sha === fixed.sha;
}

function keyOf(id: string, sha: string | undefined): string {
  return JSON.stringify([id, sha]);
}

function inOrder({ parts }: KeptList): Targets[] {
  return [...parts].sort(([one], [other]) => one - other).map(([, targets]) => targets);
}
