import { z } from "zod";
import { ColdError } from "../port/cold-error.ts";
import type { CheckedAddress } from "./address.ts";
import type { Executed } from "./execute.ts";
import { historyTable } from "./history-table.ts";
import { noSchema } from "./query-error.ts";

const names = z.array(z.tuple([z.string()]).rest(z.unknown()));

/** That the history topic is there with its columns. @throws ColdError */
export async function checkHistory(
  address: CheckedAddress,
  execute: (statement: string) => Promise<Executed>,
): Promise<void> {
  const { rows } = await execute(`SHOW COLUMNS FROM ${historyTable(address).text}`);
  const columns = names.parse(rows).map(([name]) => name);
  if (columns.includes("decisions")) return;
  throw new ColdError("notSetUp", noSchema(address.schema));
}
