import { z } from "zod";
import { ColdError } from "../port/cold-error.ts";
import { tokensOf } from "../port/sql-text.ts";
import type { CheckedAddress } from "./address.ts";

const plan = z.object({
  inputTableColumnInfos: z.array(
    z.object({
      table: z.object({
        catalog: z.string(),
        schemaTable: z.object({ schema: z.string(), table: z.string() }),
      }),
      columnConstraints: z
        .array(
          z.object({
            columnName: z.string(),
            domain: z.object({
              ranges: z.array(
                z.object({
                  low: z.object({ value: z.string().optional() }),
                  high: z.object({ value: z.string().optional() }),
                }),
              ),
            }),
          }),
        )
        .catch([]),
    }),
  ),
});
type Input = z.infer<typeof plan>["inputTableColumnInfos"][number];

/**
 * That a query reads the topics of its own tenant and namespace only, as Trino itself has planned it: names in the text can be written in too many ways
 * to be looked for.
 *
 * @param planJson of EXPLAIN (TYPE IO, FORMAT JSON)
 * @throws ColdError `readOnly`
 */
export function checkOwnTables(planJson: string, address: CheckedAddress): void {
  for (const input of plan.parse(JSON.parse(planJson)).inputTableColumnInfos) {
    if (isOwn(input, address)) continue;
    const { schema, table } = input.table.schemaTable;
    throw new ColdError(
      "readOnly",
      schema === "information_schema"
        ? `Only the topics of ${address.schema} can be looked at here: use SHOW TABLES, or DESCRIBE with the name of one.`
        : `Only the topics of ${address.schema} can be asked here, not ${schema}.${table}.`,
    );
  }
}

/**
 * That a query names no other tenant and namespace. Trino leaves out of its plan what can give no rows (`… WHERE false`), and would still tell such a
 * table's columns and whether it is there. A schema's name holds a `/`, so it can't be written without quotes.
 *
 * @throws ColdError `readOnly`
 */
export function checkNames(sql: string, { schema }: CheckedAddress): void {
  for (const { kind, text } of tokensOf(sql)) {
    if (kind !== "quoted" || !text.includes("/") || text.toLowerCase() === `"${schema.toLowerCase()}"`)
      continue;
    throw new ColdError("readOnly", `Only the topics of ${schema} can be asked here, not those of ${text}.`);
  }
}

function isOwn({ table, columnConstraints }: Input, { catalogue, schema }: CheckedAddress): boolean {
  if (table.catalog === catalogue) return table.schemaTable.schema === schema;
  // How Trino calls the schema of a catalogue's own description.
  if (table.catalog !== `$info_schema@${catalogue}`) return false;
  const ofSchema = columnConstraints.find(({ columnName }) => columnName === "table_schema");
  return (
    ofSchema !== undefined &&
    ofSchema.domain.ranges.length > 0 &&
    ofSchema.domain.ranges.every(({ low, high }) => low.value === schema && high.value === schema)
  );
}
