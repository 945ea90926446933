import type { FailureKind } from "@downbeat/domain";
import type { Position, ReceivedMessage } from "@downbeat/message-log";
import { openStatuses, ReadModel, shownStatuses } from "@downbeat/read-model";
import { bytesOf, type Cache, LatencySketch, numberOf, stepsOf, textOf } from "@downbeat/read-model/rules";
import { openCache, Projection } from "@downbeat/read-model/testing";
import type { Asked } from "../port/asked.ts";
import type { ColdAnswer } from "../port/cold-answer.ts";
import type { ColdBeginning } from "../port/cold-beginning.ts";
import { ColdError } from "../port/cold-error.ts";
import type { ColdHeads, ColdHeadsQuery } from "../port/cold-heads.ts";
import type { ColdHistory } from "../port/cold-history.ts";
import type { ColdIgnored, ColdIgnoredQuery } from "../port/cold-ignored.ts";
import type { ColdListQuery, ColdRunList } from "../port/cold-list.ts";
import type { ColdOpenRuns, ColdOpenRunsQuery } from "../port/cold-open-runs.ts";
import type { ColdRun, ColdRunQuery } from "../port/cold-run.ts";
import type { ColdSeries, ColdSeriesQuery } from "../port/cold-series.ts";

const isOpen = openStatuses.map((status) => shownStatuses.indexOf(status)).join(", ");
const limit = 10_000;

/** Cold history as it should be: what the log took before a time, folded by the projection itself. Its questions are answered for that time only. */
export class PrefixHistory
  implements Pick<ColdHistory, "source" | "run" | "listRuns" | "series">, ColdBeginning
{
  readonly source = "Cold history";
  /** Said instead of an answer. */
  trouble: string | undefined;
  /** Names of the questions, in their order. */
  readonly asked: string[] = [];
  readonly #asOf: number;
  readonly #cache: Cache;
  readonly #all: Cache;
  readonly #readModel: ReadModel;

  /**
   * @param messages of each partition
   * @param path of a file that does not exist yet
   */
  constructor(messages: readonly (readonly ReceivedMessage[])[], asOf: number, path: string) {
    this.#asOf = asOf;
    this.#cache = fold(messages, path, ({ publishTime }) => publishTime < asOf);
    this.#all = fold(messages, `${path}-all`, () => true);
    this.#readModel = new ReadModel(path, () => asOf);
  }

  close(): void {
    this.#readModel.close();
    this.#cache.close();
    this.#all.close();
  }

  async ignored({ asOf }: ColdIgnoredQuery): Promise<ColdAnswer<ColdIgnored>> {
    this.#check("ignored", asOf);
    const rows = this.#cache.db.prepare("SELECT partition, position FROM ignored_records").all();
    return answer(
      rows.map((row) => ({
        partition: numberOf(row, "partition"),
        position: textOf(row, "position") as Position,
      })),
    );
  }

  async openRuns({ asOf }: ColdOpenRunsQuery): Promise<ColdAnswer<ColdOpenRuns>> {
    this.#check("openRuns", asOf);
    const rows = this.#cache.db
      .prepare(
        `SELECT r.run_id, r.partition, r.seq, d.first_published, d.last_published
         FROM runs r JOIN run_details d ON d.id = r.id WHERE r.shown IN (${isOpen}) ORDER BY r.id`,
      )
      .all();
    const places = rows.map((row) => ({
      runId: textOf(row, "run_id"),
      partition: numberOf(row, "partition"),
      from: numberOf(row, "first_published"),
      to: numberOf(row, "last_published"),
      seq: numberOf(row, "seq"),
    }));
    return answer({ places, hasMore: false });
  }

  async heads({ places, asOf }: ColdHeadsQuery): Promise<ColdAnswer<ColdHeads>> {
    this.#check("heads", asOf);
    const heads = places.map(({ runId, partition }) => ({
      runId,
      partition,
      steps: stepsIn(this.#cache, runId),
    }));
    return answer({ heads });
  }

  async run({ place }: ColdRunQuery): Promise<ColdAnswer<ColdRun>> {
    this.#check("run", this.#asOf);
    return answer({ steps: stepsIn(this.#all, place.runId) });
  }

  async listRuns(
    { filter, before, limit: most, asOf, hides = () => false }: ColdListQuery,
    _: Asked,
  ): Promise<ColdAnswer<ColdRunList>> {
    this.#check("listRuns", asOf);
    this.#readModel.hideLabels(hides);
    const list = this.#readModel.listRuns({ filter, limit });
    const timeOf = (run: { startedAt: number; endedAt?: number }): number =>
      (filter.by === "ended" ? run.endedAt : run.startedAt) ?? 0;
    const runs = list.runs
      .toSorted((a, b) => timeOf(b) - timeOf(a) || (a.runId < b.runId ? 1 : -1))
      .filter(
        (run) =>
          before === undefined ||
          timeOf(run) < before.at ||
          (timeOf(run) === before.at && run.runId < before.runId),
      );
    const { count, countIsLowerBound, countsByStatus } = list;
    return answer({
      runs: runs.slice(0, most),
      hasMore: runs.length > most,
      count,
      countIsLowerBound,
      countsByStatus,
    });
  }

  async series({ from, to, spanMs, asOf }: ColdSeriesQuery): Promise<ColdAnswer<ColdSeries>> {
    this.#check("series", asOf);
    if (spanMs !== 60_000) throw new RangeError("The figures are by the minute.");
    const rows = (table: string) =>
      this.#cache.db
        .prepare(`SELECT * FROM ${table} WHERE span = ? AND workflow <> '' AND at >= ? AND at < ?`)
        .all(spanMs, from, to);
    const durations = (row: Parameters<typeof bytesOf>[0]) => LatencySketch.decode(bytesOf(row, "durations"));
    return answer({
      spanMs,
      runs: rows("run_figures").map((row) => ({
        workflow: textOf(row, "workflow"),
        at: numberOf(row, "at"),
        started: numberOf(row, "started"),
        completed: numberOf(row, "completed"),
        failed: numberOf(row, "failed"),
        cancelled: numberOf(row, "cancelled"),
        durations: durations(row),
      })),
      jobs: rows("job_figures").map((row) => ({
        workflow: textOf(row, "workflow"),
        jobType: textOf(row, "job_type"),
        at: numberOf(row, "at"),
        completed: numberOf(row, "completed"),
        failedAttempts: numberOf(row, "failed_attempts"),
        rejected: numberOf(row, "rejected"),
        stuck: numberOf(row, "stuck"),
        durations: durations(row),
      })),
      errors: rows("error_figures").map((row) => ({
        workflow: textOf(row, "workflow"),
        jobType: textOf(row, "job_type"),
        at: numberOf(row, "at"),
        name: textOf(row, "name"),
        kind: textOf(row, "kind") as FailureKind,
        count: numberOf(row, "n"),
      })),
    });
  }

  #check(question: string, asOf: number | undefined): void {
    this.asked.push(question);
    if (this.trouble !== undefined) throw new ColdError("unavailable", this.trouble);
    if (asOf !== this.#asOf) throw new RangeError(`Asked as of ${asOf}, not ${this.#asOf}.`);
  }
}

function fold(
  messages: readonly (readonly ReceivedMessage[])[],
  path: string,
  counts: (message: ReceivedMessage) => boolean,
): Cache {
  const cache = openCache(path, "prefix");
  const projection = new Projection(cache);
  for (const [partition, ofPartition] of messages.entries()) {
    for (const message of ofPartition) if (counts(message)) projection.take(partition, message);
  }
  projection.flush();
  return cache;
}

function stepsIn({ db }: Cache, runId: string) {
  return db
    .prepare("SELECT s.json FROM steps s JOIN runs r ON r.id = s.run WHERE r.run_id = ? ORDER BY s.seq")
    .all(runId)
    .flatMap(stepsOf);
}

function answer<T>(value: T): ColdAnswer<T> {
  return {
    value,
    source: "Cold history",
    tookMs: 1,
    read: { rows: 1, bytes: 1 },
    completeTo: Number.MAX_SAFE_INTEGER,
    isComplete: true,
  };
}
