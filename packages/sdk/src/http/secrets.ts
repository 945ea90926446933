/** Shorter ones would be found in any text. */
const shortest = 4;

/** What a service was given and may say back in its errors: it is taken out of whatever is kept of them. */
export class Secrets {
  readonly #values = new Set<string>();

  /** With its words, as `Bearer` is none. */
  add(value: string): void {
    for (const part of [value, ...value.split(/[\s,;=:]+/)])
      if (part.length >= shortest && !isScheme.test(part)) this.#values.add(part);
  }

  /** The same without them, in all its texts and names. */
  hide<T>(value: T): T {
    if (this.#values.size === 0) return value;
    return this.#hidden(value, 100) as T;
  }

  #hidden(value: unknown, levels: number): unknown {
    if (typeof value === "string") return this.#inText(value);
    if (typeof value !== "object" || value === null) return value;
    if (levels === 0) return "[nested too deeply]";
    if (Array.isArray(value)) return value.map((item) => this.#hidden(item, levels - 1));
    return Object.fromEntries(
      Object.entries(value).map(([name, part]) => [this.#inText(name), this.#hidden(part, levels - 1)]),
    );
  }

  #inText(text: string): string {
    let hidden = text;
    for (const value of this.#values) hidden = hidden.replaceAll(value, "[hidden]");
    return hidden;
  }
}

const isScheme = /^(?:basic|bearer|digest|token|apikey)$/i;
