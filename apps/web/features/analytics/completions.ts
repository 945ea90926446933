import type { Completion, CompletionContext, CompletionResult } from "@codemirror/autocomplete";
import { SQLDialect, SQLite, type SQLNamespace, sql } from "@codemirror/lang-sql";
import type { Extension } from "@codemirror/state";
import type { ColdTable } from "@downbeat/api/views";

const trino = SQLDialect.define({
  keywords:
    "all and any array as asc between by case cast cross current_date current_timestamp day desc describe distinct else end escape except exists explain extract false fetch filter first following for from full group grouping having hour if in inner intersect interval into is join last lateral left like limit minute month natural not null nulls offset on or order ordinality outer over partition preceding range recursive right row rows second select sets show some table tablesample then true try_cast unbounded union unnest using values when where window with year zone",
  types:
    "bigint boolean char date decimal double integer json map real smallint time timestamp tinyint varbinary varchar",
  builtin:
    "approx_distinct approx_percentile arbitrary array_agg avg cardinality coalesce concat contains count count_if date_add date_diff date_format date_trunc element_at format_datetime from_unixtime from_unixtime_nanos json_extract json_extract_scalar json_parse length lower map_agg max max_by min min_by now regexp_like replace round split substr sum to_unixtime trim upper",
  doubleQuotedStrings: false,
  identifierQuotes: '"',
});

/** The language with everything that completes in it: keywords, tables, columns after a table's name, and columns of tables that are in the statement. */
export function sqlLanguage(dialect: "SQLite" | "Trino", tables: readonly ColdTable[]): Extension {
  const used = dialect === "SQLite" ? SQLite : trino;
  return [
    sql({ dialect: used, schema: schemaOf(tables), upperCaseKeywords: true }),
    used.language.data.of({ autocomplete: (context: CompletionContext) => columnsInReach(context, tables) }),
  ];
}

function schemaOf(tables: readonly ColdTable[]): SQLNamespace {
  return Object.fromEntries(
    tables.map((table) => [
      table.name,
      {
        self: { label: table.name, type: "type", ...(table.about !== undefined && { info: table.about }) },
        children: columnsOf(table),
      },
    ]),
  );
}

function columnsOf(table: ColdTable, boost = 0): Completion[] {
  return table.columns.map(({ name, type, about }) => ({
    label: name,
    type: "property",
    detail: shortType(type),
    // What the connector adds to every topic comes after what the message says.
    boost: name.startsWith("__") ? boost - 1 : boost,
    ...(about !== undefined && { info: about }),
  }));
}

const longestType = 32;

/** Rows name all of their fields: the type of one column may fill a screen. */
function shortType(type: string): string {
  const words = type.toLowerCase();
  return words.length > longestType ? `${words.slice(0, longestType - 1)}…` : words;
}

/** Before FROM is written nothing is in reach yet, and every column is offered. */
function columnsInReach(context: CompletionContext, tables: readonly ColdTable[]): CompletionResult | null {
  const word = context.matchBefore(/[\w$]*/);
  if (word === null || (word.from === word.to && !context.explicit)) return null;
  // After a dot the schema knows; inside a string or a comment nothing is completed.
  if (context.state.sliceDoc(word.from - 1, word.from) === ".") return null;
  const statement = context.state.doc.toString().toLowerCase();
  const words = new Set(statement.match(/\w+/g));
  const named = tables.filter(({ name }) =>
    name.startsWith('"') ? statement.includes(name.toLowerCase()) : words.has(name.toLowerCase()),
  );
  const chosen = named.length > 0 ? named : tables;
  const options = new Map(
    chosen.flatMap((table) => columnsOf(table, 10)).map((option) => [option.label, option]),
  );
  return { from: word.from, options: [...options.values()], validFor: /^[\w$]*$/ };
}
