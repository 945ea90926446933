import { accessSync, constants, mkdirSync, statSync } from "node:fs";
import { dirname, resolve } from "node:path";

/**
 * The directory, made if it isn't there, for nobody else on this machine.
 *
 * @throws Error with a sentence that says what to do
 */
export function writableDirectory(path: string): string {
  const directory = resolve(path);
  try {
    make(directory);
    accessSync(directory, constants.W_OK);
    return directory;
  } catch {
    throw new Error(
      `The data directory ${directory} can't be written. Choose another: --data-dir ./somewhere`,
    );
  }
}

/** One level at a time: Node's own recursion never ends where a directory exists and takes no entries, as in /proc. */
function make(directory: string): void {
  const stat = statSync(directory, { throwIfNoEntry: false });
  if (stat?.isDirectory() === true) return;
  if (stat !== undefined) throw new Error(`${directory} is no directory.`);
  make(dirname(directory));
  mkdirSync(directory, { mode: 0o700 });
}
