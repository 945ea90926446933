import { type Stats, statSync } from "node:fs";
import { StorageError } from "./storage-error.ts";

/** Notices that a file in use is no longer at its path: whatever is written to it then is gone with the process. */
export class FileWatch {
  readonly #parts: readonly { readonly path: string; readonly found: Stats | undefined }[];

  /** @param paths of files that are there */
  constructor(paths: readonly string[]) {
    this.#parts = paths.map((path) => ({ path, found: statSync(path, { throwIfNoEntry: false }) }));
  }

  /** @throws StorageError with a sentence that says which one it is */
  check(): void {
    for (const { path, found } of this.#parts) {
      const now = statSync(path, { throwIfNoEntry: false });
      if (now !== undefined && now.ino === found?.ino && now.dev === found.dev) continue;
      throw new StorageError(
        "gone",
        `${path} was ${now === undefined ? "deleted or moved away" : "replaced"} while it was in use. Nothing more is taken, so that nothing is acknowledged that is not kept`,
      );
    }
  }
}
