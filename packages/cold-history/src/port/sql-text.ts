/** A piece of SQL that means something: no blank, no comment. */
export interface SqlToken {
  readonly text: string;
  /** `word`: a name or keyword; `quoted`: a name in quotes; `literal`: a string or number; `sign`: anything else. */
  readonly kind: "word" | "quoted" | "literal" | "sign";
  readonly from: number;
  readonly to: number;
}

// Strings and quoted names end at the quote that is not doubled; what is left open goes to the end.
const pattern =
  /(?<blank>\s+|--[^\n]*|\/\*[\s\S]*?(?:\*\/|$))|(?<literal>'(?:[^']|'')*(?:'|$)|\d[\w.]*)|(?<quoted>"(?:[^"]|"")*(?:"|$)|`(?:[^`]|``)*(?:`|$)|\[[^\]]*(?:\]|$))|(?<word>[\p{L}_][\p{L}\p{N}_$]*)|(?<sign>[\s\S])/gu;

/** Enough of SQL's lexical rules for both dialects: where one statement ends, and where a name stands. */
export function tokensOf(sql: string): SqlToken[] {
  const tokens: SqlToken[] = [];
  for (const match of sql.matchAll(pattern)) {
    const [text] = match;
    const groups = match.groups ?? {};
    if (groups.blank !== undefined) continue;
    const kind =
      groups.literal !== undefined
        ? "literal"
        : groups.quoted !== undefined
          ? "quoted"
          : groups.word !== undefined
            ? "word"
            : "sign";
    tokens.push({ text, kind, from: match.index, to: match.index + text.length });
  }
  return tokens;
}

/** The one statement in the text without what ends it, or where a second one begins. */
export function oneStatement(
  sql: string,
): { readonly sql: string } | { readonly secondAt: number } | undefined {
  const tokens = tokensOf(sql);
  const isEnd = (token: SqlToken): boolean => token.kind === "sign" && token.text === ";";
  const first = tokens.findIndex((token) => !isEnd(token));
  if (first < 0) return undefined;
  const end = tokens.findIndex((token, index) => index > first && isEnd(token));
  if (end < 0) return { sql };
  const second = tokens.slice(end).find((token) => !isEnd(token));
  if (second !== undefined) return { secondAt: second.from };
  return { sql: sql.slice(0, tokens[end]?.from) };
}

/** Line and column of a place in the text, from 1. */
export function placeOf(sql: string, offset: number): { readonly line: number; readonly column: number } {
  const before = sql.slice(0, offset).split("\n");
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}
