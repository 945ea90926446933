import type { DatabaseSync } from "node:sqlite";
import { z } from "zod";
import type { Trials, Unfinished, Verdict } from "./trials.ts";
import type { WorkNotes } from "./work-notes.ts";

const begunRow = z.object({ begun: z.number() });
const condemnedRow = z.object({ command_id: z.string(), verdict: z.enum(["withoutCode", "setAside"]) });

/** The table before it knew verdicts is of no use any more. */
export const trialTables = `
  DROP TABLE IF EXISTS trial;
  CREATE TABLE IF NOT EXISTS tried (
    partition INTEGER NOT NULL, command_id TEXT NOT NULL, begun INTEGER NOT NULL, PRIMARY KEY (partition, command_id)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS condemned (
    partition INTEGER NOT NULL, command_id TEXT NOT NULL, verdict TEXT NOT NULL, PRIMARY KEY (partition, command_id)
  ) STRICT, WITHOUT ROWID;
`;

export class SqliteTrials implements Trials {
  readonly #give: () => DatabaseSync;
  readonly #notes: WorkNotes;
  readonly #partition: number;

  /** @param db gives the file when no transaction is under way in it: what is noted has to be there at once */
  constructor(db: () => DatabaseSync, notes: WorkNotes, partition: number) {
    this.#give = db;
    this.#notes = notes;
    this.#partition = partition;
  }

  get #db(): DatabaseSync {
    return this.#give();
  }

  deciding(commandId?: string): void {
    this.#notes.deciding(this.#partition, commandId);
  }

  inCode(is: boolean): void {
    this.#notes.inCode(this.#partition, is);
  }

  decided(): void {
    this.#notes.decided(this.#partition);
  }

  takeUnfinished(): Unfinished | undefined {
    return this.#notes.takeUnfinished(this.#partition);
  }

  begin(commandId: string): number {
    const row = this.#db
      .prepare(`INSERT INTO tried (partition, command_id, begun) VALUES (?, ?, 1)
        ON CONFLICT DO UPDATE SET begun = begun + 1 RETURNING begun`)
      .get(this.#partition, commandId);
    return begunRow.parse(row).begun - 1;
  }

  abandon(commandId: string): void {
    this.#run("UPDATE tried SET begun = begun - 1 WHERE partition = ? AND command_id = ?", commandId);
    this.#run("DELETE FROM tried WHERE partition = ? AND command_id = ? AND begun < 1", commandId);
  }

  end(commandId: string): void {
    this.#run("DELETE FROM tried WHERE partition = ? AND command_id = ?", commandId);
  }

  any(): boolean {
    const select = this.#db.prepare("SELECT 1 FROM tried WHERE partition = ? LIMIT 1");
    return select.get(this.#partition) !== undefined;
  }

  forget(): void {
    this.#db.prepare("DELETE FROM tried WHERE partition = ?").run(this.#partition);
  }

  condemn(commandId: string, verdict: Verdict): void {
    this.#db
      .prepare("INSERT OR REPLACE INTO condemned (partition, command_id, verdict) VALUES (?, ?, ?)")
      .run(this.#partition, commandId, verdict);
  }

  condemned(): Iterable<readonly [string, Verdict]> {
    const select = this.#db.prepare("SELECT command_id, verdict FROM condemned WHERE partition = ?");
    return select.all(this.#partition).map((row) => {
      const { command_id, verdict } = condemnedRow.parse(row);
      return [command_id, verdict] as const;
    });
  }

  #run(sql: string, commandId: string): void {
    this.#db.prepare(sql).run(this.#partition, commandId);
  }
}
