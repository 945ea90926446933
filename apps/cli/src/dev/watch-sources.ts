import { type FSWatcher, readdirSync, watch } from "node:fs";
import { join } from "node:path";

const source = /\.(?:[cm]?[jt]sx?|json)$/;
const mostFolders = 2_000;
/** An editor writes a file in several steps, and a change of branch many files. */
const settledMs = 150;

/**
 * Tells when source files in the folder or below change. What is installed (`node_modules`) and what is hidden doesn't count.
 *
 * @param onChange given one of the files that changed
 * @returns what ends it
 */
export function watchSources(folder: string, onChange: (file: string) => void): () => void {
  const watchers = new Map<string, FSWatcher>();
  let timer: NodeJS.Timeout | undefined;
  const add = (path: string): void => {
    if (watchers.has(path) || watchers.size >= mostFolders) return;
    try {
      const watcher = watch(path, (_, name) => {
        if (name === null) return;
        const file = join(path, name);
        if (source.test(name)) {
          clearTimeout(timer);
          timer = setTimeout(() => onChange(file), settledMs);
        } else if (isWatched(name)) add(file);
      });
      // A folder that is gone.
      watcher.on("error", () => drop(path));
      watchers.set(path, watcher);
      for (const entry of readdirSync(path, { withFileTypes: true }))
        if (entry.isDirectory() && isWatched(entry.name)) add(join(path, entry.name));
    } catch {
      drop(path);
    }
  };
  const drop = (path: string): void => {
    watchers.get(path)?.close();
    watchers.delete(path);
  };
  add(folder);
  return () => {
    clearTimeout(timer);
    for (const path of [...watchers.keys()]) drop(path);
  };
}

function isWatched(name: string): boolean {
  return !name.startsWith(".") && name !== "node_modules";
}
