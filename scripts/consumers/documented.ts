/** A command that a page tells the reader to type, and what the page says it prints. */
export interface Documented {
  readonly command: string;
  readonly output: string;
}

const block = /^```(\w*)\n([\s\S]*?)\n```$/gm;

/** The commands of a page that are followed by what they print, in order. */
export function documentedOutputs(page: string): Documented[] {
  const found: Documented[] = [];
  let command: string | undefined;
  for (const [, language, text = ""] of page.matchAll(block)) {
    if (language === "sh") command = text.trim();
    else if (language === "text" && command !== undefined) found.push({ command, output: text });
  }
  return found;
}

/** What is the same on every machine and at every time: ids, times, addresses, folders and the widths of columns are not. */
export function plainOutput(text: string): string {
  return text
    .replaceAll(/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, "ID")
    .replaceAll(/(http|ws):\/\/(?:localhost|127\.0\.0\.1):\d+/g, "$1://HERE")
    .replaceAll(/\(?(?:\d+(?:\.\d+)?|…)\s?m?s\)?/g, "TIME")
    .replaceAll(/\b(?:now|TIME ago)\b/g, "WHEN")
    .replaceAll(/[^\S\n]+/g, " ")
    .replaceAll(/ $/gm, "")
    .trim();
}
