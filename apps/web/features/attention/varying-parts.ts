export interface MessagePart {
  readonly text: string;
  /** Another occurrence of the same cause has something else here. */
  readonly varies: boolean;
}

/** Ids, quoted values, and words with a digit: what differs between occurrences of one cause. */
const variable =
  /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|"[^"]*"|'[^']*'|`[^`]*`|(?<![\w-])[\w-]*\d[\w-]*/gi;

function pieces(message: string): readonly { readonly text: string; readonly isVariable: boolean }[] {
  const found: { text: string; isVariable: boolean }[] = [];
  let end = 0;
  for (const match of message.matchAll(variable)) {
    if (match.index > end) found.push({ text: message.slice(end, match.index), isVariable: false });
    found.push({ text: match[0], isVariable: true });
    end = match.index + match[0].length;
  }
  if (end < message.length) found.push({ text: message.slice(end), isVariable: false });
  return found;
}

/** The message in parts, those marked that really differ in one of the others. */
export function varyingParts(message: string, others: readonly string[]): readonly MessagePart[] {
  const mine = pieces(message);
  const theirs = others.map(pieces).filter((each) => each.length === mine.length);
  return mine.map(({ text, isVariable }, index) => ({
    text,
    varies: isVariable && theirs.some((other) => other[index]?.text !== text),
  }));
}
