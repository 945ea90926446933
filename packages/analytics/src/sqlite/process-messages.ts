import type { AdHocQuery, ColdErrorCode, ResultTable } from "@downbeat/cold-history";

/** One query at a time; its answer before the next. */
export type ToProcess = AdHocQuery;

export type FromProcess =
  | { readonly type: "answer"; readonly table: ResultTable }
  | {
      readonly type: "refused";
      readonly code: ColdErrorCode;
      readonly message: string;
      readonly line: number | undefined;
      readonly column: number | undefined;
    }
  /** The file is damaged, or something is wrong with us. */
  | { readonly type: "broken"; readonly message: string; readonly errcode: number | undefined };
