/** In bytes: file systems take 255 for all of a name. */
const longestAbout = 120;

/** Says the list, what narrows it and the moment, in characters that every file system takes. */
export function fileName(list: string, about: readonly string[], at: number, extension: string): string {
  const narrowed = about
    .join(" ")
    .normalize("NFC")
    .replaceAll(/[^\p{L}\p{N}.]+/gu, "-");
  const short = begun(narrowed, longestAbout).replaceAll(/^[-.]+|[-.]+$/g, "");
  const moment = new Date(at).toISOString().slice(0, 19).replaceAll(":", "-");
  return `${[list, short, moment].filter((part) => part !== "").join("-")}Z.${extension}`;
}

/** As many whole characters as fit. */
function begun(text: string, bytes: number): string {
  let short = "";
  for (const character of text) {
    if (Buffer.byteLength(short + character) > bytes) break;
    short += character;
  }
  return short;
}
