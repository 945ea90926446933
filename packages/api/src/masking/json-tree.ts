/** A value within a JSON text, with all that is in it. */
export interface JsonNode {
  /** As it is written. */
  readonly source: string;
  /** Where that begins and ends in the text. */
  readonly from: number;
  readonly to: number;
  /** Of a text: as it reads. */
  readonly text?: string;
  readonly items?: readonly JsonNode[];
  /** Of two of the same name the last one counts. */
  readonly fields?: readonly JsonField[];
  readonly byName?: ReadonlyMap<string, JsonNode>;
}

interface JsonField {
  readonly name: string;
  readonly value: JsonNode;
}

/** Deeper than any payload that the engine takes. */
const deepest = 2_000;

const space = /[ \t\r\n]*/y;
const string = /"(?:[^"\\]|\\.)*"/y;
const plain = /[^,\]} \t\r\n]+/y;

/** @throws SyntaxError for what is no JSON, or nested deeper than any payload is */
export function jsonTree(json: string): JsonNode {
  // From here on every character is where it should be.
  JSON.parse(json);
  let at = 0;

  function token(pattern: RegExp): string {
    pattern.lastIndex = at;
    const found = pattern.exec(json)?.[0] ?? "";
    at += found.length;
    return found;
  }
  /** Whether there is one more before the end of a list or an object. */
  function more(end: string): boolean {
    token(space);
    if (json[at] === ",") at += 1;
    token(space);
    if (json[at] !== end) return true;
    at += 1;
    return false;
  }

  function node(depth: number): JsonNode {
    if (depth > deepest) throw new SyntaxError(`It is nested more than ${deepest} levels deep.`);
    token(space);
    const from = at;
    const within = inside(depth + 1);
    return { ...within, from, to: at, source: json.slice(from, at) };
  }

  function inside(depth: number): Pick<JsonNode, "text" | "items" | "fields" | "byName"> {
    switch (json[at]) {
      case '"':
        return { text: String(JSON.parse(token(string))) };
      case "[": {
        at += 1;
        const items: JsonNode[] = [];
        while (more("]")) items.push(node(depth));
        return { items };
      }
      case "{": {
        at += 1;
        const fields: JsonField[] = [];
        while (more("}")) {
          const name = String(JSON.parse(token(string)));
          token(space);
          at += 1;
          fields.push({ name, value: node(depth) });
        }
        return { fields, byName: new Map(fields.map(({ name, value }) => [name, value])) };
      }
      default:
        token(plain);
        return {};
    }
  }

  return node(0);
}

/** Numbers for values: the same one for what means the same, however it is written and in whatever order its fields are. */
export class JsonIdentities {
  readonly #byContent = new Map<string, number>();
  readonly #known = new Map<JsonNode, number>();

  of(node: JsonNode): number {
    const known = this.#known.get(node);
    if (known !== undefined) return known;
    const content = this.#content(node);
    const id = this.#byContent.get(content) ?? this.#byContent.size;
    this.#byContent.set(content, id);
    this.#known.set(node, id);
    return id;
  }

  #content({ text, items, fields, source }: JsonNode): string {
    if (text !== undefined) return JSON.stringify(text);
    const within: string[] = [];
    if (items !== undefined) {
      for (const item of items) within.push(String(this.of(item)));
      return `[${within.join(" ")}]`;
    }
    if (fields !== undefined) {
      for (const { name, value } of fields) within.push(`${JSON.stringify(name)}:${this.of(value)}`);
      return `{${within.sort().join(" ")}}`;
    }
    // Longer numbers are more than JavaScript can tell apart.
    return source.length <= mostDigits && !/[a-z]/.test(source) ? String(Number(source)) : source;
  }
}

const mostDigits = 15;
