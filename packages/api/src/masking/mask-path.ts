/** Where personal values stand: names with dots between, `*` for one level (items of arrays, too), `**` for any number of levels. */
export type MaskPath = readonly string[];

const longest = 300;
const mostLevels = 30;

/** @throws Error with what is wrong, as the end of a sentence */
export function parseMaskPath(text: string): MaskPath {
  if (text.length > longest) throw new Error(`${longest} characters at most`);
  const levels: string[] = [];
  let level = "";
  let isEscaped = false;
  for (const character of text) {
    if (isEscaped) {
      level += `\\${character}`;
      isEscaped = false;
    } else if (character === "\\") isEscaped = true;
    else if (character === ".") {
      levels.push(level);
      level = "";
    } else level += character;
  }
  if (isEscaped) throw new Error("a name, such as customer.email, has to follow the backslash");
  levels.push(level);
  if (levels.includes("")) throw new Error("names with dots between, such as customer.email or **.iban");
  if (levels.length > mostLevels) throw new Error(`${mostLevels} levels at most`);
  if (levels.every((each) => each === anyLevels)) return [anyLevels];
  return levels;
}

/** As a path has a name that may hold anything. */
export function nameInPath(name: string): string {
  return name.replaceAll(/[\\.*]/g, "\\$&");
}

const plain = (level: string) => level.replaceAll(/\\(.)/gsu, "$1");

/** Any number of levels, none too. */
export const anyLevels = "**";

/** Ahead of a value: where it stands within paths. Those of the same paths are the same object. */
export interface Places {
  /** As `path * 64 + level`. */
  readonly at: readonly number[];
  readonly isMeant: boolean;
  /** Those below that were asked for, by names that paths have; `undefined`: by any other. */
  readonly below: Map<string | undefined, Places>;
}

const levelsOfAPath = 64;
/** That are kept: payloads of odd shapes can't fill the memory. */
const mostPlaces = 10_000;

/** Several paths, followed together on the way down. */
export class MaskPaths {
  static readonly none = new MaskPaths([]);
  readonly paths: readonly MaskPath[];
  readonly root: Places;
  /** What paths have by name, as it reads. */
  readonly #names: ReadonlySet<string>;
  readonly #plain: readonly (readonly string[])[];
  readonly #places = new Map<string, Places>();

  constructor(paths: readonly MaskPath[]) {
    this.paths = [...new Map(paths.map((path) => [path.join("."), path])).values()];
    this.#plain = this.paths.map((path) => path.map(plain));
    this.#names = new Set(this.#plain.flat());
    this.root = this.#placesAt(this.paths.map((_, index) => index * levelsOfAPath));
  }

  get isEmpty(): boolean {
    return this.paths.length === 0;
  }

  /** @param name of a field; `undefined`: an item of an array */
  below(places: Places, name: string | undefined): Places {
    const known = name !== undefined && this.#names.has(name) ? name : undefined;
    const made = places.below.get(known) ?? this.#placesAt(this.#next(places, known));
    places.below.set(known, made);
    return made;
  }

  /** Where it is not known which of them it is. */
  either(one: Places, other: Places): Places {
    return this.#placesAt([...one.at, ...other.at]);
  }

  /** Whether what stands here is meant, with all that is in it. */
  isMeant({ isMeant }: Places): boolean {
    return isMeant;
  }

  #next({ at }: Places, name: string | undefined): number[] {
    const next: number[] = [];
    for (const place of at) {
      const level = this.#levelAt(place);
      if (level === anyLevels) next.push(place);
      else if (level === "*" || (level !== undefined && name !== undefined && this.#plainAt(place) === name))
        next.push(place + 1);
    }
    return next;
  }

  #levelAt(place: number): string | undefined {
    return this.paths[Math.floor(place / levelsOfAPath)]?.[place % levelsOfAPath];
  }

  #plainAt(place: number): string | undefined {
    return this.#plain[Math.floor(place / levelsOfAPath)]?.[place % levelsOfAPath];
  }

  /** `**` is no level, too; at the end of a path it means all that is below. */
  #placesAt(places: readonly number[]): Places {
    const all = new Set(places);
    for (const place of all) if (this.#levelAt(place) === anyLevels) all.add(place + 1);
    const at = [...all].sort((one, other) => one - other);
    const key = at.join(" ");
    const known = this.#places.get(key);
    if (known !== undefined) return known;
    const isMeant = at.some((place) => this.#levelAt(place) === undefined);
    const made: Places = { at, isMeant, below: new Map() };
    if (this.#places.size >= mostPlaces) this.#forget();
    this.#places.set(key, made);
    return made;
  }

  #forget(): void {
    for (const { below } of this.#places.values()) below.clear();
    this.#places.clear();
    this.root.below.clear();
  }
}
