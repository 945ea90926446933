/** Every answer says where it comes from, what it took, and how far it is complete. */
export interface ColdAnswer<T> {
  readonly value: T;
  /** For people, e.g. `Pulsar SQL`. */
  readonly source: string;
  /** From the question to the answer, waiting included. */
  readonly tookMs: number;
  /** What was read from the log for it. */
  readonly read: { readonly rows: number; readonly bytes: number };
  /** What the log took up to this time is in the answer, ms since the epoch. What is newer comes from the projection. */
  readonly completeTo: number;
  /** `false`: something that was asked for is missing although it is older than `completeTo`; `note` says what. */
  readonly isComplete: boolean;
  /** One sentence, when there is something to say. */
  readonly note?: string;
}
