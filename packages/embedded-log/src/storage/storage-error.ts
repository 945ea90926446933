import { sqliteCode } from "@downbeat/message-log/sqlite";

/** - `full`: there is no room; the same may be tried again. - `gone`: the file is no longer where it was opened. */
export type StorageTrouble = "full" | "gone" | "other";

export class StorageError extends Error {
  override readonly name = "StorageError";
  readonly trouble: StorageTrouble;

  constructor(trouble: StorageTrouble, message: string, options?: ErrorOptions) {
    super(message, options);
    this.trouble = trouble;
  }
}

export function storageError(error: unknown): StorageError {
  if (error instanceof StorageError) return error;
  const message = error instanceof Error ? error.message : String(error);
  // SQLITE_FULL
  const isFull = sqliteCode(error) === 13;
  return new StorageError(isFull ? "full" : "other", message, { cause: error });
}

export function isFull(error: unknown): boolean {
  return error instanceof StorageError && error.trouble === "full";
}
