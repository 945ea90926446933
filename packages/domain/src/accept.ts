/**
 * The accept rule of a history partition: which of its records count. Every reader of history (engine, dashboard, clean-up
 * of Pulsar SQL) uses this one function, so a zombie's record is ignored by all of them, for ever.
 *
 * A claim counts if its epoch is greater than the current one. A decision record counts if its `prev` is the id of the
 * last record that counted. Source: docs/design, rule 3; what breaks without it: shared protocol notes.
 */
export interface AcceptCursor {
  readonly epoch: number;
  /** Id of the last record that counted, a claim's or a decision record's; empty before the first claim. */
  readonly last: string;
  /** Who owned the partition when the last record counted. */
  readonly owner: string;
  /** How many records counted so far, claims included: the ordinal that `dispatchedUpTo` speaks of. */
  readonly count: number;
}

export type RecordHeader =
  | { readonly kind: "claim"; readonly id: string; readonly epoch: number; readonly owner: string }
  | { readonly kind: "decisions"; readonly id: string; readonly prev: string };

export const emptyCursor: AcceptCursor = { epoch: 0, last: "", owner: "", count: 0 };

/** The cursor after the record, or `undefined` when the record does not count. */
export function accept(cursor: AcceptCursor, record: RecordHeader): AcceptCursor | undefined {
  switch (record.kind) {
    case "claim":
      if (record.epoch <= cursor.epoch) return undefined;
      return { epoch: record.epoch, last: record.id, owner: record.owner, count: cursor.count + 1 };
    case "decisions":
      if (cursor.epoch === 0 || record.prev !== cursor.last) return undefined;
      return { ...cursor, last: record.id, count: cursor.count + 1 };
  }
}
