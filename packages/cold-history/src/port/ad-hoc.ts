/** A person's own query. */
export interface AdHocQuery {
  /** One statement that only reads: SELECT, WITH, VALUES, TABLE, SHOW, DESCRIBE or EXPLAIN. */
  readonly sql: string;
  /** So many rows at most come back; the query ends when they are there. */
  readonly maxRows: number;
}

export interface ResultTable {
  readonly columns: readonly ResultColumn[];
  /** Each as long as `columns`. */
  readonly rows: readonly (readonly ResultValue[])[];
  /** There were more rows than asked for. */
  readonly isCut: boolean;
}

export interface ResultColumn {
  readonly name: string;
  /** As the source calls it, e.g. `varchar`, `bigint`, `array(varchar)`; empty where it does not say. */
  readonly type: string;
}

/** JSON. An integer that a JavaScript number can't hold exactly is its digits, as text. */
export type ResultValue =
  | string
  | number
  | boolean
  | null
  | readonly ResultValue[]
  | { readonly [key: string]: ResultValue };

/** For a browser of the schema and for completion. */
export interface ResultSchema {
  readonly tables: readonly ColdTable[];
}

export interface ColdTable {
  /** As it is written in a query. */
  readonly name: string;
  /** One sentence: what a row is. */
  readonly about?: string;
  readonly columns: readonly ColdColumn[];
}

export interface ColdColumn extends ResultColumn {
  /** Said where name and type do not. */
  readonly about?: string;
}
