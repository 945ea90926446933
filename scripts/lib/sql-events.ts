import { type AcceptCursor, accept, emptyCursor, type RecordHeader } from "@downbeat/domain";
import { z } from "zod";
import { checkedAddress } from "../../packages/cold-history/src/pulsar-sql/address.ts";
import { execute } from "../../packages/cold-history/src/pulsar-sql/execute.ts";
import { historyTable } from "../../packages/cold-history/src/pulsar-sql/history-table.ts";
import { sql } from "../../packages/cold-history/src/pulsar-sql/sql.ts";
import { present } from "../../packages/cold-history/src/pulsar-sql/step-rows.ts";
import { defaultTrinoLimits } from "../../packages/cold-history/src/pulsar-sql/trino-client.ts";
import { type ComparedEvent, canonical } from "./event-comparison.ts";

export interface SqlEvents {
  readonly events: readonly ComparedEvent[];
  /** Messages of history, and those among them that the accept rule leaves out. */
  readonly records: number;
  readonly ignored: number;
}

const timeoutMs = 600_000;

/** A namespace's history, asked of Pulsar SQL with presto-client and without any bound. */
export class SqlHistory {
  readonly #options;

  /** @param url of Pulsar SQL */
  constructor(url: string, namespace: string) {
    const address = checkedAddress({ url, tenant: "public", namespace });
    const { signal } = new AbortController();
    this.#options = { address, limits: defaultTrinoLimits, timeoutMs, who: "compare", signal };
  }

  /** How many messages it sees by now. */
  async records(): Promise<number> {
    const { rows } = await execute(sql`SELECT count(*) FROM ${this.#table}`, this.#options);
    return z.tuple([z.tuple([z.number()])]).parse(rows)[0][0];
  }

  async events(partitions: number): Promise<SqlEvents> {
    const found: SqlEvents[] = [];
    // One by one, so that Trino need not hold all of the answer.
    for (let partition = 0; partition < partitions; partition++) found.push(await this.#eventsIn(partition));
    return {
      events: found.flatMap(({ events }) => events),
      records: found.reduce((sum, { records }) => sum + records, 0),
      ignored: found.reduce((sum, { ignored }) => sum + ignored, 0),
    };
  }

  get #table() {
    return historyTable(this.#options.address);
  }

  async #eventsIn(partition: number): Promise<SqlEvents> {
    const { rows } = await execute(
      sql`
        SELECT h.__message_id__, h.kind, h.id, h.prev, h.claimid, h.epoch, h.owner, h.at,
          d.runid, d.inputid, d.seq, json_format(CAST(d.events AS JSON))
        FROM ${this.#table} h
        LEFT JOIN UNNEST(h.decisions) AS d (runid, workflow, inputid, seq, events) ON true
        WHERE h.__partition__ = ${partition}`,
      this.#options,
    );
    const records = new Map<string, Row[]>();
    for (const row of rows.map((row) => rowShape.parse(row))) {
      const [messageId] = row;
      const record = records.get(messageId);
      if (record === undefined) records.set(messageId, [row]);
      else record.push(row);
    }
    const events: ComparedEvent[] = [];
    let ignored = 0;
    let cursor: AcceptCursor = emptyCursor;
    for (const [, record] of [...records].toSorted(([a], [b]) => compareMessageIds(a, b))) {
      const [first] = record;
      const next = first === undefined ? undefined : accept(cursor, headerOf(first));
      if (next === undefined) ignored++;
      else {
        cursor = next;
        events.push(...record.flatMap(eventsOf));
      }
    }
    return { events, records: records.size, ignored };
  }
}

const rowShape = z.tuple([
  z.string(),
  z.enum(["claim", "decisions"]),
  z.string(),
  z.string().nullable(),
  z.string().nullable(),
  z.number().nullable(),
  z.string().nullable(),
  z.number(),
  z.string().nullable(),
  z.string().nullable(),
  z.number().nullable(),
  z.string().nullable(),
]);

type Row = z.output<typeof rowShape>;

function headerOf([, kind, id, prev, claimId, epoch, owner]: Row): RecordHeader {
  return kind === "claim"
    ? { kind, id, epoch: epoch ?? 0, owner: owner ?? "" }
    : { kind, id, prev: prev ?? "", claimId: claimId ?? "", ...(epoch !== null && { epoch }) };
}

const eventsShape = z.array(z.looseObject({ type: z.string() }));

function eventsOf([, , , , , , , at, runId, inputId, seq, text]: Row): ComparedEvent[] {
  // Of no run: a claim, or the refusal of a command to a run that does not exist.
  if (runId === null || seq === null || seq === 0 || text === null) return [];
  const events = eventsShape.parse(present(JSON.parse(text)));
  return events.map((event, index) => ({
    runId,
    seq: seq + index,
    type: event.type,
    at,
    text: canonical({ at, inputId, event }),
  }));
}

/** `(ledger,entry,index in the batch)`, as the connector writes them. */
function compareMessageIds(a: string, b: string): number {
  const [numbers, others] = [a, b].map((id) => id.match(/\d+/g)?.map(Number) ?? []);
  for (const [index, number] of numbers?.entries() ?? []) {
    const other = others?.[index] ?? 0;
    if (number !== other) return number - other;
  }
  return 0;
}
