import type { ColdHistory } from "../port/cold-history.ts";

/** Where the events of a run are found that the cache does not hold: cold history, or the log itself. */
export type RunSource = Pick<ColdHistory, "source" | "run">;
