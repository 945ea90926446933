import type { ColdBeginning } from "../port/cold-beginning.ts";
import type { ColdHistory } from "../port/cold-history.ts";

/** Who knows what was before the beginning of a cache. */
export type EarlierSource = Pick<ColdHistory, "source" | "listRuns" | "series"> & ColdBeginning;
