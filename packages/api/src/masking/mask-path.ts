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
  if (levels.every((each) => each === "**")) return ["**"];
  return levels;
}

/** As a path has a name that may hold anything. */
export function nameInPath(name: string): string {
  return name.replaceAll(/[\\.*]/g, "\\$&");
}

const plain = (level: string) => level.replaceAll(/\\(.)/gsu, "$1");

/** Ahead of a value: places within paths, as `path * 64 + level`. */
export type Places = readonly number[];

const levelsOfAPath = 64;

/** Several paths, followed together on the way down. */
export class MaskPaths {
  static readonly none = new MaskPaths([]);
  readonly paths: readonly MaskPath[];
  readonly root: Places;

  constructor(paths: readonly MaskPath[]) {
    this.paths = [...new Map(paths.map((path) => [path.join("."), path])).values()];
    this.root = this.#closed(this.paths.map((_, index) => index * levelsOfAPath));
  }

  get isEmpty(): boolean {
    return this.paths.length === 0;
  }

  /** @param name of a field; `undefined`: an item of an array */
  below(places: Places, name: string | undefined): Places {
    const next: number[] = [];
    for (const place of places) {
      const level = this.#levelAt(place);
      if (level === "**") next.push(place);
      else if (level === "*" || (level !== undefined && name !== undefined && plain(level) === name))
        next.push(place + 1);
    }
    return this.#closed(next);
  }

  /** Whether what stands here is meant, with all that is in it. */
  isMeant(places: Places): boolean {
    return places.some((place) => this.#levelAt(place) === undefined);
  }

  #levelAt(place: number): string | undefined {
    return this.paths[Math.floor(place / levelsOfAPath)]?.[place % levelsOfAPath];
  }

  /** `**` is no level, too; at the end of a path it means all that is below. */
  #closed(places: readonly number[]): Places {
    const all = new Set(places);
    for (const place of all) if (this.#levelAt(place) === "**") all.add(place + 1);
    return [...all];
  }
}
