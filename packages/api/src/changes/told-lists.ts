import { hash, randomBytes } from "node:crypto";
import { type Segment, segmentsBetween } from "./segments.ts";

interface Lists<Item, Group> {
  readonly items: readonly Item[];
  readonly groups: readonly Group[];
}

/** A version, as a mark of each entry. */
interface Told {
  readonly key: string;
  readonly version: string;
  readonly items: readonly string[];
  readonly groups: readonly string[];
}

/** What makes the lists that somebody was told before the ones that there are. */
export interface ListChanges<Item, Group> {
  /** To be named when asking again. */
  readonly version: string;
  /** Which lists the segments belong to; absent: they hold everything. */
  readonly since?: string;
  readonly items: readonly Segment<Item>[];
  readonly groups: readonly Segment<Group>[];
}

const mostKept = 32;

/** What was told of lists lately, for everybody together: whoever asks again is told what changed. */
export class ToldLists<Item, Group> {
  readonly #told = new Map<string, Told>();
  readonly #mark = randomBytes(6).toString("base64url");
  #count = 0;

  /**
   * @param key of what was asked for: other questions have other answers
   * @param since the version that the other side has; one that is not known any more is told everything
   */
  changes(
    key: string,
    { items, groups }: Lists<Item, Group>,
    since: string | undefined,
  ): ListChanges<Item, Group> {
    const before = since === undefined ? undefined : this.#told.get(since);
    const isKnown = before?.key === key;
    const now = this.#keep(key, items.map(markOf), groups.map(markOf));
    return {
      version: now.version,
      ...(isKnown && { since: before.version }),
      items: segmentsBetween(isKnown ? before.items : [], items, now.items),
      groups: segmentsBetween(isKnown ? before.groups : [], groups, now.groups),
    };
  }

  #keep(key: string, items: readonly string[], groups: readonly string[]): Told {
    for (const told of this.#told.values())
      if (told.key === key && same(told.items, items) && same(told.groups, groups)) return this.#latest(told);
    this.#count += 1;
    const told = { key, version: `${this.#mark}-${this.#count}`, items, groups };
    for (const version of this.#told.keys()) {
      if (this.#told.size < mostKept) break;
      this.#told.delete(version);
    }
    return this.#latest(told);
  }

  /** The one that was used longest ago is the first to be forgotten. */
  #latest(told: Told): Told {
    this.#told.delete(told.version);
    this.#told.set(told.version, told);
    return told;
  }
}

/** Entries hold whole inputs: what is kept of them must not. */
const marks = new WeakMap<object, string>();

function markOf(entry: unknown): string {
  const isObject = typeof entry === "object" && entry !== null;
  const known = isObject ? marks.get(entry) : undefined;
  if (known !== undefined) return known;
  const mark = hash("sha256", JSON.stringify(entry), "base64url");
  if (isObject) marks.set(entry, mark);
  return mark;
}

function same(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((entry, index) => entry === other[index]);
}
