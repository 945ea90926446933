import type { AdHocQuery, ResultTable } from "../../cold/ad-hoc.ts";
import type { ColdErrorCode } from "../../cold/cold-error.ts";

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
