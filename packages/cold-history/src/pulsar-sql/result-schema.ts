import { z } from "zod";
import type { ColdColumn, ColdTable, ResultSchema } from "../port/ad-hoc.ts";
import { type Found, type Question, visibleAfterMs } from "./question.ts";
import { sql } from "./sql.ts";

const row = z.tuple([z.string(), z.string(), z.string()]);

const history = "history";

/** Where name and type of a column do not say it. */
const aboutHistory: Readonly<Record<string, string>> = {
  kind: "claim or decisions",
  at: "when it was decided, ms since 1970",
  prev: "the record that it follows",
  decisions: "one for each run that was decided on: CROSS JOIN UNNEST(h.decisions)",
  epoch: "of a claim: how often the partition changed its owner",
  owner: "of a claim: the engine",
};
const aboutEveryTopic: Readonly<Record<string, string>> = {
  __value__: "the message, as bytes: from_utf8(__value__) is its JSON",
  __publish_time__: "when the log took it, UTC; a bound on it spares reading the rest",
  __message_id__: "its place in the partition",
};

/** The topics of the namespace and their columns, history first. */
export async function resultSchema(question: Question): Promise<Found<ResultSchema>> {
  const { catalogue, schema } = question.address;
  const { rows } = await question.execute(sql`
    SELECT table_name, column_name, data_type FROM ${{ text: `"${catalogue}"`, literals: [] }}.information_schema.columns
    WHERE table_schema = ${schema}
    ORDER BY table_name, ordinal_position`);
  const tables = new Map<string, ColdColumn[]>();
  for (const each of rows) {
    const [table, name, type] = row.parse(each);
    const columns = tables.get(table) ?? [];
    const about = aboutEveryTopic[name] ?? (table === history ? aboutHistory[name] : undefined);
    columns.push({ name, type, ...(about !== undefined && { about }) });
    tables.set(table, columns);
  }
  const found: ColdTable[] = Array.from(tables, ([name, columns]) => ({
    name: asWritten(name),
    ...(name === history && {
      about: "One row a record of the log: a claim, or decisions with their events.",
    }),
    columns,
  }));
  found.sort((one, other) => Number(other.name === history) - Number(one.name === history));
  return { value: { tables: found }, completeTo: question.now - visibleAfterMs, isComplete: true };
}

function asWritten(name: string): string {
  return /^[a-z_][a-z0-9_]*$/.test(name) ? name : `"${name.replaceAll('"', '""')}"`;
}
