import { z } from "zod";
import type { ColdProgress, ColdState } from "../port/asked.ts";
import { ColdError, cancelled } from "../port/cold-error.ts";
import type { CheckedAddress } from "./address.ts";
import { parseExactly } from "./exact-json.ts";
import { coldError } from "./query-error.ts";
import type { Sql } from "./sql.ts";
import { TrinoClient, type TrinoLimits } from "./trino-client.ts";

export interface ExecuteOptions {
  readonly address: CheckedAddress;
  readonly limits: TrinoLimits;
  readonly signal: AbortSignal;
  readonly timeoutMs: number;
  /** Who asks, for the list of queries that Pulsar SQL shows. */
  readonly who: string;
  /** The query ends when there is more. Default: never. */
  readonly most?: Most | undefined;
  readonly onProgress?: ((progress: QueryProgress) => void) | undefined;
}

export type QueryProgress = Omit<ColdProgress, "elapsedMs">;

export interface Most {
  /** Of the answer. */
  readonly rows?: number;
  /** Of the answer's JSON. */
  readonly characters?: number;
  /** Read from the log. */
  readonly read?: number;
}

export interface Executed {
  readonly columns: readonly { readonly name: string; readonly type: string }[];
  readonly rows: readonly (readonly unknown[])[];
  /** There was more than asked for at most. */
  readonly isCut: boolean;
  readonly read: { readonly rows: number; readonly bytes: number };
}

/**
 * Carries a statement out: with values as a prepared statement, whose text is parsed before the values are looked at. Settles when the query is over
 * at Trino too, a cancelled one included, so that no more run there than are waited for here.
 *
 * @throws ColdError
 */
export async function execute(statement: Sql | string, options: ExecuteOptions): Promise<Executed> {
  const { signal, timeoutMs } = options;
  const execution = new Execution(options);
  const onAbort = (): void => execution.fail(cancelled());
  if (signal.aborted) throw cancelled();
  signal.addEventListener("abort", onAbort, { once: true });
  const tooLong = `Pulsar SQL took longer than ${timeoutMs / 1_000} s: ask for a shorter period.`;
  const deadline = setTimeout(() => execution.fail(new ColdError("timeout", tooLong)), timeoutMs);
  try {
    return await execution.run(statement);
  } finally {
    clearTimeout(deadline);
    signal.removeEventListener("abort", onAbort);
  }
}

const columnsShape = z.array(z.object({ name: z.string(), type: z.string() }));
const rowsShape = z.array(z.array(z.unknown()));
const statsShape = z.object({
  state: z.string(),
  progressPercentage: z.number().optional(),
  processedRows: z.number().optional(),
  processedBytes: z.number().optional(),
});

class Execution {
  readonly #options: ExecuteOptions;
  readonly #client: TrinoClient;
  readonly #settled = Promise.withResolvers<Executed>();
  #columns: Executed["columns"] = [];
  readonly #rows: (readonly unknown[])[] = [];
  #characters = 0;
  #read = { rows: 0, bytes: 0 };
  #queryId: string | undefined;
  /** How it settles once the query is over at Trino. */
  #ending: (() => void) | undefined;
  #isBeingKilled = false;

  constructor(options: ExecuteOptions) {
    this.#options = options;
    const parse = (text: string): unknown => {
      this.#characters += text.length;
      return parseExactly(text);
    };
    this.#client = new TrinoClient(options.address, options.limits, parse);
  }

  run(statement: Sql | string): Promise<Executed> {
    const { promise, resolve, reject } = this.#settled;
    this.#client.execute({
      ...requestOf(statement),
      headers: {
        "X-Trino-Client-Info": encodeURIComponent(this.#options.who),
        "X-Trino-Time-Zone": "UTC",
      },
      cancel: () => this.#ending !== undefined,
      state: (_error, id, stats) => this.#taking(() => this.#takeState(id, stats)),
      columns: (_error, columns) =>
        this.#taking(() => {
          this.#columns = columnsShape.parse(columns);
        }),
      data: (_error, rows) => this.#taking(() => this.#takeRows(rows)),
      success: () => {
        if (!this.#isBeingKilled) resolve(this.#executed(false));
      },
      error: (error) => {
        // Of a query that is being killed: it settles with the killing.
        if (this.#isBeingKilled) return;
        if (this.#ending !== undefined) this.#ending();
        else reject(coldError(error, this.#options.address));
      },
    });
    return promise;
  }

  fail(error: ColdError): void {
    this.#end(() => this.#settled.reject(error));
  }

  #end(ending: () => void): void {
    if (this.#ending !== undefined) return;
    this.#ending = ending;
    // It has no name yet: presto-client cancels it when the answer with the name comes, and calls `error`.
    if (this.#queryId === undefined) return;
    this.#isBeingKilled = true;
    this.#client.kill(this.#queryId, () => {
      this.#client.breakOff();
      ending();
    });
  }

  #takeState(id: unknown, stats: unknown): void {
    this.#queryId ??= z.string().parse(id);
    const { state, progressPercentage: percent, processedRows, processedBytes } = statsShape.parse(stats);
    this.#read = { rows: processedRows ?? 0, bytes: processedBytes ?? 0 };
    if (this.#ending !== undefined) return;
    // When everything is read, the rest comes soon.
    if (
      states[state] === "reading" &&
      this.#read.rows > (this.#options.most?.read ?? Number.POSITIVE_INFINITY)
    )
      return this.#endCut();
    this.#options.onProgress?.({
      state: states[state] ?? "planning",
      ...(percent !== undefined && { percent }),
      ...this.#read,
    });
  }

  #takeRows(rows: unknown): void {
    // One by one: a page may hold more rows than a call takes arguments.
    for (const row of rowsShape.parse(rows)) this.#rows.push(row);
    const { rows: most = Number.POSITIVE_INFINITY, characters = Number.POSITIVE_INFINITY } =
      this.#options.most ?? {};
    if (this.#rows.length > most || this.#characters > characters) this.#endCut();
  }

  #endCut(): void {
    this.#end(() => this.#settled.resolve(this.#executed(true)));
  }

  #executed(isCut: boolean): Executed {
    return {
      columns: this.#columns,
      rows: isCut ? this.#rows.slice(0, this.#options.most?.rows) : this.#rows,
      isCut,
      read: this.#read,
    };
  }

  /** The callbacks are called by a library from timers: what they throw would end the process. */
  #taking(take: () => void): void {
    try {
      take();
    } catch (cause) {
      this.fail(new ColdError("failed", "Pulsar SQL answered in a form that is not known.", { cause }));
    }
  }
}

const states: Readonly<Record<string, ColdState>> = {
  QUEUED: "waiting",
  RUNNING: "reading",
  FINISHING: "finishing",
  FINISHED: "finishing",
};

// Jetty takes headers of 8 KB by default, and the statement travels in one.
const longestHeader = 7_000;

function requestOf(statement: Sql | string): {
  readonly query: string;
  readonly prepares?: readonly string[];
} {
  if (typeof statement === "string") return { query: statement };
  const { text, literals } = statement;
  if (encodeURIComponent(text).length > longestHeader)
    throw new RangeError(`A statement of ${text.length} characters is too long to be prepared.`);
  const using = literals.length === 0 ? "" : ` USING ${literals.join(", ")}`;
  return { query: `EXECUTE query0${using}`, prepares: [text] };
}
