import { parsePosition } from "@downbeat/message-log";
import { topics as historyTopics } from "@downbeat/protocol";
import type { TopicAdmin } from "@downbeat/pulsar/admin";
import { z } from "zod";
import type { Check, Finding } from "./finding.ts";

const withinMs = 15_000;
const page = z.object({
  nextUri: z.string().optional(),
  data: z.array(z.array(z.unknown())).optional(),
  error: z.object({ message: z.string() }).optional(),
});

/** That Pulsar SQL answers, has the catalogue `pulsar`, sees the namespace through it, and reads what is in history. */
export const pulsarSqlAnswers: Check = async ({ pulsarSql, path, topics }) => {
  if (pulsarSql === undefined) return [];
  const finding = (id: string, found: string, mend: string): Finding[] => [
    {
      id,
      severity: "error",
      found,
      means: "history older than the hot window and the analytics page are not there",
      mend,
    },
  ];
  try {
    const catalogs = await ask(pulsarSql, "SHOW CATALOGS");
    if (!catalogs.includes("pulsar"))
      return finding(
        "sql-catalogue-missing",
        `${pulsarSql} has no catalogue pulsar (it has ${catalogs.join(", ")})`,
        "install the Pulsar connector: docs/pulsar.md has its settings",
      );
    const schemas = await ask(pulsarSql, "SHOW SCHEMAS FROM pulsar");
    if (schemas.includes(path)) return await readsRows(pulsarSql, path, topics);
    return finding(
      "sql-namespace-missing",
      `Pulsar SQL does not know ${path}`,
      "its connector must be set to this cluster: pulsar.web-service-url and pulsar.metadata-url",
    );
  } catch (error) {
    return finding(
      "sql-unreachable",
      `Pulsar SQL at ${pulsarSql} does not answer (${error instanceof Error ? error.message : String(error)})`,
      "start it, or say where it is with --pulsar-sql",
    );
  }
};

/**
 * It learns of topics and their columns from the broker, but reads what is in them from BookKeeper, past it: under the address by which each bookie is
 * registered, which may be one that only the broker's own machine can reach.
 */
async function readsRows(url: string, path: string, topics: TopicAdmin): Promise<readonly Finding[]> {
  const partition = await partitionWithRecords(topics);
  if (partition === undefined)
    return [
      {
        id: "sql-unproven",
        severity: "note",
        found: "history has no records yet",
        means: "whether Pulsar SQL reaches BookKeeper shows with the first of them",
        mend: "run it again once a run has been started",
      },
    ];
  const noRows = (why: string): Finding[] => [
    {
      id: "sql-reads-nothing",
      severity: "error",
      found: `Pulsar SQL reads no record of ${path}, though there are some (${why})`,
      means: "history older than the hot window and the analytics page are empty",
      mend: "it must reach each bookie under the address that stands in ZooKeeper at /ledgers/available: set advertisedAddress of BookKeeper to one that other machines can reach, not 127.0.0.1",
    },
  ];
  try {
    const statement = `SELECT kind FROM pulsar."${path}".history WHERE __partition__ = ${partition} LIMIT 1`;
    const rows = await ask(url, statement);
    return rows.length > 0 ? [] : noRows("it found none");
  } catch (error) {
    return noRows(error instanceof Error ? error.message : String(error));
  }
}

/** With more than one: the newest record of a partition may not be seen. */
async function partitionWithRecords(topics: TopicAdmin): Promise<number | undefined> {
  const partitions = await topics.partitionsOf("history");
  for (let partition = 0; partition < partitions; partition++) {
    const last = await topics.lastPosition(historyTopics.history(partition));
    if (last !== undefined && parsePosition(last).entry > 0) return partition;
  }
  return undefined;
}

async function ask(url: string, query: string): Promise<string[]> {
  const signal = AbortSignal.timeout(withinMs);
  const values: string[] = [];
  const headers = { "x-trino-user": "downbeat" };
  let answer = await fetch(new URL("/v1/statement", url), { method: "POST", body: query, headers, signal });
  for (;;) {
    const text = await answer.text();
    if (!answer.ok) throw new Error(`it answered ${answer.status}`);
    const { nextUri, data = [], error } = page.parse(JSON.parse(text));
    if (error !== undefined) throw new Error(error.message);
    values.push(...data.map(([value]) => String(value)));
    if (nextUri === undefined) return values;
    const next = new URL(nextUri);
    if (next.host !== new URL(url).host) throw new Error(`it sends us on to ${next.host}`);
    answer = await fetch(next, { headers, signal });
  }
}
