import type { ColdBeginning } from "../cold/cold-beginning.ts";
import type { ColdHistory } from "../cold/cold-history.ts";

/** Who knows what was before the beginning of a cache. */
export type EarlierSource = Pick<ColdHistory, "source" | "listRuns" | "series"> & ColdBeginning;
