import type { RunSummary } from "@downbeat/read-model/views";
import { forgedPrefix } from "./forger.ts";
import type { Fold } from "./history-check.ts";
import { ask } from "./processes.ts";

/** What the server shows, by the API that the dashboard uses. */
export class Shown {
  /** Of one namespace's API. */
  readonly #api: string;
  /** The newest that was shown of each run in each of its statuses, while faults went on. */
  readonly #glimpses = new Map<
    string,
    { readonly runId: string; readonly status: string; readonly seq: number }
  >();

  constructor(serverUrl: string, namespace: string) {
    this.#api = `${serverUrl}/trpc/public/${namespace}`;
  }

  /** Notes what is shown now; a server that is down shows nothing. */
  async glimpse(): Promise<void> {
    const page = await this.#list({ limit: 200 });
    for (const { runId, status, seq } of page?.runs ?? []) {
      const key = `${runId} ${status}`;
      if ((this.#glimpses.get(key)?.seq ?? 0) < seq) this.#glimpses.set(key, { runId, status, seq });
    }
  }

  get glimpses(): number {
    return this.#glimpses.size;
  }

  /** What was shown and the log does not hold. */
  checkGlimpses(fold: Fold): string[] {
    const violations: string[] = [];
    for (const { runId, status, seq } of this.#glimpses.values()) {
      const run = fold.runs.get(runId);
      if (fold.touched.has(runId)) continue;
      if (run === undefined || run.state.seq < seq) {
        violations.push(
          `Run ${runId} was shown up to event ${seq}, and history ends at ${run?.state.seq ?? 0}.`,
        );
        continue;
      }
      const then = run.closedSeq > 0 && seq >= run.closedSeq ? run.state.status : "running";
      if (status !== then)
        violations.push(`Run ${runId} was shown as ${status} at event ${seq}, when it was ${then}.`);
    }
    return violations;
  }

  /** Every run, on all pages. */
  async all(): Promise<ReadonlyMap<string, RunSummary>> {
    const runs = new Map<string, RunSummary>();
    let cursor: string | undefined;
    do {
      const page = await this.#list({ limit: 500, ...(cursor !== undefined && { cursor }) });
      if (page === undefined) throw new Error("The server does not list its runs.");
      for (const run of page.runs) runs.set(run.runId, run);
      cursor = page.cursor;
    } while (cursor !== undefined);
    return runs;
  }

  /** Each run of the list and of history in the same status, up to the same event. */
  compare(runs: ReadonlyMap<string, RunSummary>, fold: Fold): string[] {
    const violations: string[] = [];
    for (const [runId, { state }] of fold.runs) {
      const shown = runs.get(runId);
      if (shown === undefined) violations.push(`Run ${runId} is not shown.`);
      else if (shown.status !== state.status || shown.seq !== state.seq) {
        violations.push(
          `Run ${runId} is shown as ${shown.status} at event ${shown.seq}; it is ${state.status} at ${state.seq}.`,
        );
      }
    }
    for (const runId of runs.keys()) {
      if (runId.startsWith(forgedPrefix) || fold.touched.has(runId)) continue;
      if (!fold.runs.has(runId)) violations.push(`Run ${runId} is shown, and history does not hold it.`);
    }
    return violations;
  }

  /** The page of a run says the same as the list. */
  async comparePages(runIds: readonly string[], fold: Fold): Promise<string[]> {
    const violations: string[] = [];
    for (const runId of runIds) {
      const run = await this.#query<RunSummary>("runs.get", { runId });
      const state = fold.runs.get(runId)?.state;
      if (run?.status !== state?.status || run?.seq !== state?.seq) {
        violations.push(
          `The page of run ${runId} says ${run?.status} at event ${run?.seq}; it is ${state?.status}.`,
        );
      }
    }
    return violations;
  }

  #list(input: object): Promise<{ runs: RunSummary[]; cursor?: string } | undefined> {
    return this.#query("runs.list", input);
  }

  async #query<T>(procedure: string, input: object): Promise<T | undefined> {
    const answer = await ask(`${this.#api}/${procedure}?input=${encodeURIComponent(JSON.stringify(input))}`);
    return answer === undefined ? undefined : (JSON.parse(answer) as { result: { data: T } }).result.data;
  }
}
