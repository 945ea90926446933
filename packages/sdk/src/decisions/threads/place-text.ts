import { relative } from "node:path";
import { fileURLToPath } from "node:url";

/** `src/workflows.ts:12`, as one types it. */
export function placeText({ file, line }: { readonly file: string; readonly line: number }): string {
  try {
    const path = fileURLToPath(file);
    const near = relative(process.cwd(), path);
    return `${near === "" || near.startsWith("..") ? path : near}:${line}`;
  } catch {
    return `${file}:${line}`;
  }
}
