const steering = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

/** Names and messages come from outside: what could move the cursor, colour the terminal or turn the direction of writing is shown as a box. */
export function plain(text: string): string {
  return text.replace(steering, (character) => (character === "\n" ? " " : "\u25a1"));
}

/** The same of a text of several lines. */
export function plainLines(text: string): string {
  return text.replace(steering, (character) => (character === "\n" ? "\n" : "\u25a1"));
}

/** Whatever is in it, the terminal only shows it. */
export function printLine(line: string): void {
  process.stdout.write(`${plainLines(line)}\n`);
}

/** For people, while standard output is for what was asked. */
export function printNote(line: string): void {
  process.stderr.write(`${plainLines(line)}\n`);
}

/** How far something is, in place of what was said of it before; nothing takes it away. Only people at a terminal are told. */
export function printProgress(words: string): void {
  if (process.stderr.isTTY === true) process.stderr.write(`\r\u001b[K${plain(words)}`);
}

/** Its answer is typed on the same line. */
export function printQuestion(question: string): void {
  process.stderr.write(`${plain(question)} `);
}

export function printJson(value: unknown): void {
  process.stdout.write(`${jsonText(value)}\n`);
}

/** The same JSON, in which characters that steer a terminal are escaped: `JSON.stringify` leaves many as they are. */
export function jsonText(value: unknown): string {
  return (
    JSON.stringify(value, undefined, 2)?.replace(steering, (character) =>
      character === "\n"
        ? character
        : Array.from(
            { length: character.length },
            (_, index) => String.raw`\u${character.charCodeAt(index).toString(16).padStart(4, "0")}`,
          ).join(""),
    ) ?? "null"
  );
}
