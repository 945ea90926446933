import { readFileSync } from "node:fs";
import { SourceMap } from "node:module";

interface Place {
  /** As `file:` URL. */
  readonly file: string;
  /** From 1. */
  readonly line: number;
}

/** Where that was written, as far as the file's source map says; where it has none, or not a good one, the place itself. */
export function originalPlace({ file, line }: Place, column = 0): Place {
  try {
    const [, url] = /\n\/\/[#@] sourceMappingURL=(\S+)\s*$/.exec(readFileSync(new URL(file), "utf8")) ?? [];
    if (url === undefined) return { file, line };
    const at = new URL(url, file);
    const map = new SourceMap(JSON.parse(textOf(at)));
    const entry = map.findEntry(line - 1, column);
    if (!("originalSource" in entry)) return { file, line };
    return {
      file: new URL(entry.originalSource, at.protocol === "data:" ? file : at).href,
      line: entry.originalLine + 1,
    };
  } catch {
    return { file, line };
  }
}

function textOf(url: URL): string {
  if (url.protocol !== "data:") return readFileSync(url, "utf8");
  const [kind = "", data = ""] = url.pathname.split(/,(.*)/s);
  return kind.endsWith(";base64") ? Buffer.from(data, "base64").toString() : decodeURIComponent(data);
}
