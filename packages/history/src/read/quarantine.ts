import { jsonOf, numberOf, textOf } from "../rows.ts";
import type { QuarantineList } from "../views.ts";
import { topicOf } from "../write/topic-of.ts";
import type { ReadDatabase } from "./database.ts";

export function listQuarantine(db: ReadDatabase, limit: number): Omit<QuarantineList, "freshness"> {
  return db.atOnce(() => ({
    messages: db
      .all("SELECT json FROM quarantine ORDER BY position DESC LIMIT ?", limit)
      .map((row) => jsonOf<QuarantineList["messages"][number]>(row)),
    refused: db
      .all("SELECT json FROM refusals ORDER BY at DESC LIMIT ?", limit)
      .map((row) => jsonOf<QuarantineList["refused"][number]>(row)),
    leftOut: db
      .all("SELECT * FROM left_out ORDER BY at DESC, partition, position DESC LIMIT ?", limit)
      .map((row) => ({
        topic: topicOf(numberOf(row, "partition")),
        position: textOf(row, "position"),
        at: numberOf(row, "at"),
        reason: textOf(row, "reason"),
        runIds: jsonOf<readonly string[]>(row, "run_ids"),
      })),
  }));
}
