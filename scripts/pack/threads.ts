import { existsSync } from "node:fs";
import { basename, dirname, resolve } from "node:path";
import type { Rolldown } from "tsdown";

const beside = /new URL\(\s*"(\.{1,2}\/[^"]+\.ts)",\s*import\.meta\.url,?\s*\)/g;

/**
 * Files that are started by their path, as threads or processes of their own: `new URL("./thread.ts", import.meta.url)`. Each is built as an entry of
 * its own, and the address leads to what was built.
 */
export function threads(): Rolldown.Plugin {
  return {
    name: "downbeat:threads",
    transform(code, id) {
      if (!id.endsWith(".ts") || id.endsWith(".d.ts") || code.search(beside) < 0) return undefined;
      const built = code.replaceAll(beside, (whole, file: string) => {
        const path = resolve(dirname(id), file);
        // In a comment it is an example.
        if (!existsSync(path)) return whole;
        const name = `${basename(dirname(path))}-${basename(path, ".ts")}`;
        const reference = this.emitFile({ type: "chunk", id: path, name });
        return `new URL(import.meta.ROLLUP_FILE_URL_${reference})`;
      });
      // No line moves, and nobody stops in the midst of such a line.
      return { code: built, map: null };
    },
  };
}
