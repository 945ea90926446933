import { createContext, Script } from "node:vm";
import { type JsonSchema, type SchemaCheck, type SchemaIssue, schemaCheck } from "@downbeat/protocol";

/** What one check by somebody else's schema may take of this thread, ms. */
const longestCheckMs = 100;
/** Once for each schema. */
const longestPreparationMs = 1_000;
/** A schema that took so long so often, one time after the other, is not used any more. */
const mostTooLong = 3;

interface Checked {
  readonly check: SchemaCheck | undefined;
  readonly isBounded: boolean;
  tooLong: number;
}

/**
 * Checks by schemas that others announced. One that can't be used, or whose patterns take too long, lets everything pass: the worker checks by its own.
 */
export class BoundedChecks {
  readonly #all = new WeakMap<JsonSchema, Checked>();
  readonly #time = new BoundedTime();
  readonly #checkMs: number;

  constructor(checkMs = longestCheckMs) {
    this.#checkMs = checkMs;
  }

  issues(schema: JsonSchema, value: unknown): readonly SchemaIssue[] {
    let checked = this.#all.get(schema);
    if (checked === undefined) {
      checked = this.#prepared(schema);
      this.#all.set(schema, checked);
    }
    const { check, isBounded, tooLong } = checked;
    if (check === undefined || tooLong >= mostTooLong) return [];
    try {
      const issues = isBounded ? this.#time.within(this.#checkMs, () => check(value)) : check(value);
      checked.tooLong = 0;
      return issues;
    } catch {
      // Its time was over, or it went too deep.
      checked.tooLong++;
      return [];
    }
  }

  #prepared(schema: JsonSchema): Checked {
    try {
      const isBounded = takesItsTime(JSON.stringify(schema));
      const check = this.#time.within(longestPreparationMs, () => {
        const made = schemaCheck(schema);
        // What it compiles for itself, it compiles the first time.
        made(null);
        return made;
      });
      return { check, isBounded, tooLong: 0 };
    } catch {
      return { check: undefined, isBounded: false, tooLong: 0 };
    }
  }
}

/** To be watched costs more than most checks do. A choice among many is tried one by one, for each value of a list. */
function takesItsTime(schema: string): boolean {
  return /"(?:pattern|patternProperties|\$ref|uniqueItems|anyOf|oneOf|allOf)":/.test(schema);
}

/** Calls functions of this thread, and ends them when their time is over: the one way to end a regular expression. */
class BoundedTime {
  readonly #global: { work: () => unknown } = { work: () => undefined };
  readonly #context = createContext(this.#global);
  readonly #script = new Script("work()");

  /** @throws Error when it took too long; what the function throws */
  within<T>(ms: number, work: () => T): T {
    let result: { readonly value: T } | undefined;
    this.#global.work = () => {
      result = { value: work() };
    };
    try {
      this.#script.runInContext(this.#context, { timeout: ms });
    } finally {
      this.#global.work = () => undefined;
    }
    if (result === undefined) throw new Error("It was not called.");
    return result.value;
  }
}
