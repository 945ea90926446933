import { figureTables } from "./figure-tables.ts";
import { runTables } from "./run-tables.ts";
import type { PeopleTable } from "./table.ts";

export const peopleTables: readonly PeopleTable[] = [...runTables, ...figureTables];
