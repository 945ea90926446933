/** One small fault: what stands at a place of a file, and what would stand there instead. */
export interface Mutation {
  /** What is replaced, or in front of whose first statement a function is left. */
  readonly place: "expression" | "statement" | "function";
  readonly start: number;
  readonly end: number;
  /** The part that changes, for people: it may be a part of what is replaced. */
  readonly before: string;
  readonly after: string;
  /** What stands there instead of the whole of `start` to `end`. */
  readonly text: string;
}
