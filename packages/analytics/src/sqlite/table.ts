/** A table that people query: a view over the read model's own, which are made for speed and change with versions. */
export interface PeopleTable {
  readonly name: string;
  readonly about: string;
  readonly columns: readonly PeopleColumn[];
  /** What follows the columns: FROM, WHERE, GROUP BY. */
  readonly from: string;
}

export interface PeopleColumn {
  readonly name: string;
  readonly type: "TEXT" | "INTEGER" | "REAL" | "TIME" | "JSON";
  readonly sql: string;
  readonly about?: string;
}

export function column(name: string, type: PeopleColumn["type"], sql: string, about?: string): PeopleColumn {
  return { name, type, sql, ...(about !== undefined && { about }) };
}

/** As text that SQLite's date functions take and that sorts by time, and as the number that it is. */
export function times(name: string, ms: string, about?: string): PeopleColumn[] {
  return [
    column(
      `${name}_at`,
      "TIME",
      `strftime('%Y-%m-%d %H:%M:%f', ${ms} / 1000.0, 'unixepoch')`,
      about === undefined ? "UTC" : `UTC; ${about}`,
    ),
    column(`${name}_ms`, "INTEGER", ms, "ms since 1970"),
  ];
}

export function viewOf({ name, columns, from }: PeopleTable): string {
  const selected = columns.map(({ name, sql }) => `${sql} AS ${name}`).join(",\n  ");
  return `CREATE TEMP VIEW ${name} AS SELECT\n  ${selected}\n${from};`;
}

/** SQL that turns a number into the word at its place. */
export function wordAt(number: string, words: readonly string[]): string {
  return `CASE ${number} ${words.map((word, index) => `WHEN ${index} THEN '${word}'`).join(" ")} END`;
}
