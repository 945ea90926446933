/** A value for a place in a statement. */
export type SqlValue = string | number | PublishTime;

/** As `__publish_time__` is compared with, ms since the epoch. */
export class PublishTime {
  readonly ms: number;

  constructor(ms: number) {
    this.ms = Math.min(Math.max(Math.round(ms), 0), latest);
  }
}

/** Text with question marks, and the values for them as literals. */
export interface Sql {
  readonly text: string;
  readonly literals: readonly string[];
}

/** Values become question marks; only other statements' parts are put in as text. */
export function sql(texts: TemplateStringsArray, ...parts: readonly (SqlValue | Sql)[]): Sql {
  let text = texts[0] ?? "";
  const literals: string[] = [];
  for (const [index, part] of parts.entries()) {
    if (isSql(part)) {
      text += part.text;
      literals.push(...part.literals);
    } else {
      text += "?";
      literals.push(literal(part));
    }
    text += texts[index + 1] ?? "";
  }
  return { text: text.replaceAll(/\s+/g, " ").trim(), literals };
}

export function joined(parts: readonly Sql[], separator: " AND " | " OR " | " UNION ALL " | ", "): Sql {
  return {
    text: parts.map(({ text }) => text).join(separator),
    literals: parts.flatMap(({ literals }) => literals),
  };
}

export const nothing: Sql = { text: "", literals: [] };

/** Any number of texts as one value; Trino's own array literals hold 254 at most. */
export function texts(values: readonly string[]): Sql {
  return sql`CAST(json_parse(${JSON.stringify(values)}) AS array(varchar))`;
}

// Timestamps with five digits in the year can't be written.
const latest = Date.UTC(9999, 11, 31);

function isSql(part: SqlValue | Sql): part is Sql {
  return typeof part === "object" && "text" in part;
}

/** Of the `USING` of an EXECUTE: the statement itself was parsed before, so a literal can be nothing but a value. */
function literal(value: SqlValue): string {
  if (typeof value === "string") return `'${value.replaceAll("'", "''")}'`;
  if (typeof value === "number") {
    if (!Number.isSafeInteger(value)) throw new RangeError(`Only whole numbers can be bound, not ${value}.`);
    return String(value);
  }
  return `TIMESTAMP '${new Date(value.ms).toISOString().slice(0, -1).replace("T", " ")}'`;
}
