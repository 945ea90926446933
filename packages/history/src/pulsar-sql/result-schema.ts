import { z } from "zod";
import type { ColdTable, ResultColumn, ResultSchema } from "../cold/ad-hoc.ts";
import { type Found, type Question, visibleAfterMs } from "./question.ts";
import { sql } from "./sql.ts";

const row = z.tuple([z.string(), z.string(), z.string()]);

/** The topics of the namespace and their columns. */
export async function resultSchema(question: Question): Promise<Found<ResultSchema>> {
  const { catalogue, schema } = question.address;
  const { rows } = await question.execute(sql`
    SELECT table_name, column_name, data_type FROM ${{ text: `"${catalogue}"`, literals: [] }}.information_schema.columns
    WHERE table_schema = ${schema}
    ORDER BY table_name, ordinal_position`);
  const tables = new Map<string, ResultColumn[]>();
  for (const each of rows) {
    const [table, name, type] = row.parse(each);
    const columns = tables.get(table) ?? [];
    columns.push({ name, type });
    tables.set(table, columns);
  }
  const found: ColdTable[] = Array.from(tables, ([name, columns]) => ({ name, columns }));
  return { value: { tables: found }, completeTo: question.now - visibleAfterMs, isComplete: true };
}
