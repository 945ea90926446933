import type { DatabaseSync } from "node:sqlite";
import { textOf } from "../rows.ts";

/** As many as can be looked at now and then. */
const most = 100;

/** Of jobs whose attempts are with no worker, as far as is known. */
export function waitingJobTypes(db: DatabaseSync): readonly string[] {
  return db
    .prepare("SELECT DISTINCT name FROM open_rows WHERE kind = 'job' AND status = 'scheduled' LIMIT ?")
    .all(most)
    .map((row) => textOf(row, "name"));
}
