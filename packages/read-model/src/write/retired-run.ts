import type { DatabaseSync, StatementSync } from "node:sqlite";
import { emptyFold, type RunFold } from "../fold/run-fold.ts";
import { jsonOf, numberOf, optionalNumber, type Row, type RunDetails, shownOf, textOf } from "../rows.ts";
import type { ActionView } from "../views.ts";

/** What is known of a run whose steps have left: enough for what can still happen to it, which is that a command is refused. */
export class RetiredRuns {
  readonly #run: StatementSync;
  readonly #actions: StatementSync;

  constructor(db: DatabaseSync) {
    this.#run = db.prepare("SELECT r.*, d.json FROM runs r JOIN run_details d ON d.id = r.id WHERE r.id = ?");
    this.#actions = db.prepare("SELECT action_id, json FROM actions WHERE run_id = ?");
  }

  restore(id: number): RunFold | undefined {
    const row = this.#run.get(id);
    return row === undefined ? undefined : this.#foldOf(row);
  }

  #foldOf(row: Row): RunFold {
    const runId = textOf(row, "run_id");
    const fold = emptyFold(runId, numberOf(row, "partition"));
    const { labels, failure, endedBy } = jsonOf<RunDetails>(row);
    const shown = shownOf(row);
    fold.workflow = textOf(row, "workflow");
    fold.status = shown === "waiting" || shown === "stuck" ? "running" : shown;
    fold.startedAt = numberOf(row, "started_at");
    fold.endedAt = optionalNumber(row, "ended_at");
    fold.updatedAt = numberOf(row, "updated_at");
    fold.seq = numberOf(row, "seq");
    fold.labels = labels;
    fold.failure = failure;
    fold.endedBy = endedBy;
    for (const action of this.#actions.all(runId)) {
      fold.actions.set(textOf(action, "action_id"), jsonOf<ActionView>(action));
    }
    return fold;
  }
}
