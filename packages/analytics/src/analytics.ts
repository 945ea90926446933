import type { AdHocQuery, Asked, ColdAnswer, ResultSchema, ResultTable } from "@downbeat/cold-history";

/**
 * Where a person's own SQL is answered. Two kinds of it: the read model's tables, here and now, and Pulsar SQL, over all that the log keeps.
 * Read-only is each one's own doing; nothing that is asked here changes anything.
 *
 * Every question rejects with a `ColdError`.
 */
export interface Analytics {
  readonly about: AnalyticsAbout;
  query(query: AdHocQuery, asked: Asked): Promise<ColdAnswer<ResultTable>>;
  schema(asked: Asked): Promise<ColdAnswer<ResultSchema>>;
  /** Ends what runs and what waits. */
  close(): Promise<void>;
}

export interface AnalyticsAbout {
  readonly id: AnalyticsId;
  /** For people. */
  readonly name: string;
  readonly dialect: "SQLite" | "Trino";
  /** How far it reaches and how fresh it is, in a sentence or two. */
  readonly reach: string;
  /** Queries to start from; the page begins with the first. Those of one name ask the same of each source. */
  readonly examples: readonly ExampleQuery[];
}

export type AnalyticsId = "readModel" | "pulsarSql";

export interface ExampleQuery {
  readonly name: string;
  readonly sql: string;
}
