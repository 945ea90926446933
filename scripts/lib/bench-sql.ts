import { setTimeout as sleep } from "node:timers/promises";
import type { Asked } from "@downbeat/cold-history";
import { openPulsarSql } from "@downbeat/cold-history/pulsar-sql";
import { historySchema } from "@downbeat/protocol";
import { openPulsarWebSocketLog } from "@downbeat/pulsar";
import type { KnownLog, RunPlace } from "@downbeat/read-model";
import { z } from "zod";
import { checkedAddress } from "../../packages/cold-history/src/pulsar-sql/address.ts";
import { execute } from "../../packages/cold-history/src/pulsar-sql/execute.ts";
import { decisionsIn } from "../../packages/cold-history/src/pulsar-sql/history-table.ts";
import { sql as statement } from "../../packages/cold-history/src/pulsar-sql/sql.ts";
import { stepColumns, stepsByRun } from "../../packages/cold-history/src/pulsar-sql/step-rows.ts";
import { defaultTrinoLimits } from "../../packages/cold-history/src/pulsar-sql/trino-client.ts";
import { startServers } from "../pulsar/suite/servers.ts";
import { newNamespace, removeNamespace } from "./pulsar-namespace.ts";
import { eventsOfRun, writeSqlHistory } from "./sql-history.ts";

export interface SqlBenchOptions {
  /** Both, or neither: then servers of its own are started. */
  readonly pulsar?: string | undefined;
  readonly pulsarSql?: string | undefined;
  readonly events: number;
}

const partitions = 4;
const rounds = 5;
const samples = 9;
/** So long writing the log takes at least, s: a tenth of it stands for one day of ten. */
const writingSeconds = 100;
const skewMs = 1_000;
const log: KnownLog = { partitions, ignored: [] };
const asked: Asked = { who: "bench", signal: new AbortController().signal };

/** One run's events and one day's series, with the bounds that the projection knows and without any; and the run again in a log four times as long. */
export async function sqlBench(options: SqlBenchOptions): Promise<object> {
  const { pulsar, pulsarSql } = options;
  if (pulsar !== undefined && pulsarSql !== undefined) return bench(pulsar, pulsarSql, options.events);
  await using servers = await startServers();
  return await bench(servers.pulsar, servers.pulsarSql, options.events);
}

async function bench(pulsar: string, url: string, events: number): Promise<object> {
  const namespace = await newNamespace(pulsar, "bench-sql");
  const sql = openPulsarSql({
    url,
    tenant: "public",
    namespace,
    skewMs,
    lookBackMs: skewMs,
    timeoutMs: 600_000,
  });
  const count = async (): Promise<number> => {
    const { value } = await sql.query({ sql: "SELECT count(*) FROM history", maxRows: 1 }, asked);
    return Number(value.rows[0]?.[0]);
  };
  const visible = async (records: number): Promise<void> => {
    while ((await count()) < records) await sleep(500);
  };
  try {
    await makeHistory(pulsar, namespace);
    const target = { pulsar, namespace, partitions };
    const written = await writeSqlHistory({ ...target, events, prefix: "trip", seconds: writingSeconds });
    await visible(written.records);
    const found = await sql.query({ sql: placesStatement(written.events), maxRows: samples }, asked);
    const places = found.value.rows.map(placeOf);
    if (places.length < samples / 2) throw new Error(`Only ${places.length} of ${samples} runs are closed.`);

    const lookUp = async (place: RunPlace): Promise<number> => {
      const answer = await sql.run({ place, log }, asked);
      if (answer.value.steps.length === 0 || !answer.isComplete)
        throw new Error(`${place.runId} is not whole.`);
      return answer.tookMs;
    };
    const lookUpEverywhere = everywhere(url, namespace);
    await lookUp(places[0] ?? { runId: "", partition: 0 });
    const bounded = await timed(places, lookUp);
    const unbounded = await timed(places, lookUpEverywhere);

    const dayMs = Math.floor((written.to - written.from) / 10);
    const from = written.from + 4 * dayMs;
    const day = {
      from: from - (from % 1_000),
      to: from - (from % 1_000) + dayMs - (dayMs % 1_000),
      spanMs: 1_000,
      log,
    };
    const series: number[] = [];
    const wholeSeries: number[] = [];
    const everything = openPulsarSql({
      url,
      tenant: "public",
      namespace,
      skewMs: 1e12,
      lookBackMs: 1e12,
      timeoutMs: 600_000,
    });
    for (let round = 0; round < rounds; round++) {
      series.push((await sql.series(day, asked)).tookMs);
      wholeSeries.push((await everything.series(day, asked)).tookMs);
    }
    await everything.close();

    const more = await writeSqlHistory({ ...target, events: events * 3, prefix: "later" });
    await visible(written.records + more.records);
    const boundedLater = await timed(places, lookUp);
    return {
      events: written.events,
      records: written.records,
      lookupMs: middle(bounded),
      lookupWithoutBoundsMs: middle(unbounded),
      lookupShare: round(middle(bounded) / middle(unbounded)),
      daySeriesMs: middle(series),
      daySeriesWithoutBoundsMs: middle(wholeSeries),
      daySeriesShare: round(middle(series) / middle(wholeSeries)),
      eventsLater: written.events + more.events,
      lookupLaterMs: middle(boundedLater),
      note: "Medians. A day is a tenth of the log's time.",
    };
  } finally {
    await sql.close();
    await removeNamespace(pulsar, namespace);
  }
}

async function makeHistory(pulsar: string, namespace: string): Promise<void> {
  const topics = openPulsarWebSocketLog({ serviceUrl: pulsar, tenant: "public", namespace });
  await topics.createPartitionedTopic("history", partitions);
  await topics.close();
  const url = `${pulsar.replace(/^ws/, "http")}/admin/v2/schemas/public/${namespace}/history/schema`;
  const body = JSON.stringify({ type: "JSON", schema: JSON.stringify(historySchema), properties: {} });
  const answer = await fetch(url, { method: "POST", headers: { "content-type": "application/json" }, body });
  if (!answer.ok) throw new Error(`The schema can't be registered: ${answer.status} ${await answer.text()}`);
}

/** Closed runs from the whole of the log, and what the projection would know of them. */
function placesStatement(events: number): string {
  const runs = Math.floor(events / eventsOfRun / 2);
  const runIds = Array.from(
    { length: samples },
    (_, index) => `'trip-${Math.floor((runs * (index + 0.5)) / samples)}'`,
  );
  const ms = (time: string) => `CAST(to_unixtime(${time}) * 1000 AS bigint)`;
  return `
    SELECT d.runid, max(h.__partition__), ${ms("min(h.__publish_time__)")}, ${ms("max(h.__publish_time__)")},
      max(d.seq + cardinality(d.events)) - 1
    FROM history h CROSS JOIN UNNEST(h.decisions) AS d (runid, workflow, inputid, seq, events)
    WHERE d.runid IN (${runIds.join(", ")})
    GROUP BY d.runid
    HAVING bool_or(any_match(d.events, x -> x.type = 'RunCompleted'))`;
}

const placeRow = z.tuple([z.string(), z.number(), z.number(), z.number(), z.number()]);

function placeOf(row: unknown): RunPlace {
  const [runId, partition, from, to, seq] = placeRow.parse(row);
  return { runId, partition, from, to, seq };
}

/** The same statement without the bounds. @returns how long it takes, ms */
function everywhere(url: string, namespace: string): (place: RunPlace) => Promise<number> {
  const address = checkedAddress({ url, tenant: "public", namespace });
  return async ({ runId }) => {
    const began = performance.now();
    const decisions = decisionsIn(address, [{}], log, statement`d.runid = ${runId}`);
    const options = {
      address,
      limits: defaultTrinoLimits,
      timeoutMs: 600_000,
      who: asked.who,
      signal: asked.signal,
    };
    const { rows } = await execute(stepColumns(decisions), options);
    if ((stepsByRun(rows).get(runId) ?? []).length === 0) throw new Error(`${runId} is not there.`);
    return Math.round(performance.now() - began);
  };
}

async function timed(
  places: readonly RunPlace[],
  ask: (place: RunPlace) => Promise<number>,
): Promise<number[]> {
  const took: number[] = [];
  for (const place of places) took.push(await ask(place));
  return took;
}

function middle(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

function round(value: number): number {
  return Number(value.toFixed(3));
}
