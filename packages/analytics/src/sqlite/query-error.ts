import { ColdError, placeOf, tokensOf } from "@downbeat/cold-history";
import { isCorrupt } from "@downbeat/read-model";
import type { Reader } from "./open-reader.ts";
import { peopleTables } from "./people-tables.ts";

const onlyReads = "Only statements that read are run here: SELECT, WITH, VALUES or EXPLAIN.";
const outOfMemory = 7;
const tooBig = 18;

/** What SQLite says of a query, as a sentence that says what to do, with the place in the text where it can be known. */
export function queryError(reader: Reader, sql: string, error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof ColdError || isCorrupt(error)) return error;
  const { refused } = reader.authorizer;
  if (refused?.type === "write") return new ColdError("readOnly", onlyReads, { line: 1, column: 1 });
  if (refused?.type === "table") return noTable(sql, refused.name);
  const code = "errcode" in error && typeof error.errcode === "number" ? error.errcode & 0xff : undefined;
  if (code === outOfMemory || code === tooBig) {
    return new ColdError(
      "failed",
      "The query needs more memory than one may have: narrow it, or let it group or sort less.",
    );
  }
  const { message } = error;
  if (/^cannot modify \w+ because it is a view$/.test(message)) {
    return new ColdError("readOnly", onlyReads, { line: 1, column: 1 });
  }
  const table = /^no such table: (?:main\.|temp\.)?(.+)$/.exec(message)?.[1];
  if (table !== undefined) return noTable(sql, table);
  return new ColdError("invalid", sentence(message), { ...placeIn(reader, sql, message) });
}

function noTable(sql: string, name: string): ColdError {
  const names = peopleTables.map((table) => table.name).join(", ");
  return new ColdError("invalid", `There is no table ${name} here; there are ${names}.`, {
    ...placeOfName(sql, name),
  });
}

function sentence(message: string): string {
  if (message === "incomplete input") return "The statement ends too early: something is still open.";
  const near = /^near "(.*)": syntax error$/s.exec(message)?.[1];
  if (near !== undefined) return `SQLite does not understand the statement from “${near}” on.`;
  const column = /^no such column: (.+?)(?: - should this be a string literal in single-quotes\?)?$/.exec(
    message,
  )?.[1];
  if (column !== undefined) {
    return message.includes("single-quotes")
      ? `There is no column ${column}; text stands in single quotes.`
      : `There is no column ${column}.`;
  }
  return `${message.charAt(0).toUpperCase()}${message.slice(1)}.`;
}

interface Place {
  readonly line?: number;
  readonly column?: number;
}

function placeIn(reader: Reader, sql: string, message: string): Place {
  if (message === "incomplete input") return placeOf(sql, sql.trimEnd().length);
  const near = /^(?:near|unrecognized token:) "(.*?)"?(?:: syntax error)?$/s.exec(message)?.[1];
  if (near !== undefined) return placeOfSyntaxError(reader, sql, near, message);
  const name = /^(?:no such|ambiguous) (?:column(?: name)?|function): (\S+)/.exec(message)?.[1];
  if (name !== undefined) return placeOfName(sql, name);
  const called = /(?:function|aggregate:?) (\w+)\(\)/.exec(message)?.[1];
  return called === undefined ? {} : placeOfName(sql, called);
}

/** SQLite reads from left to right: the text up to the place fails as the whole does, and no shorter one. */
function placeOfSyntaxError({ db }: Reader, sql: string, near: string, message: string): Place {
  for (const { text, from, to } of tokensOf(sql)) {
    if (!text.startsWith(near)) continue;
    try {
      db.prepare(sql.slice(0, to));
    } catch (error) {
      if (error instanceof Error && error.message === message) return placeOf(sql, from);
    }
  }
  return {};
}

/** Where the name stands first. */
function placeOfName(sql: string, name: string): Place {
  const wanted = name
    .split(".")
    .at(-1)
    ?.replaceAll(/["`[\]]/g, "")
    .toLowerCase();
  const token = tokensOf(sql).find(
    ({ text, kind }) =>
      (kind === "word" || kind === "quoted") && text.replaceAll(/["`[\]]/g, "").toLowerCase() === wanted,
  );
  return token === undefined ? {} : placeOf(sql, token.from);
}
