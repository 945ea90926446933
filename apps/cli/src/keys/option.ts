import { type RecordKeys, readRecordKeys } from "@downbeat/protocol";
import { Option } from "commander";
import { CommandFailure } from "../failure.ts";

export interface RecordKeysOptions {
  readonly recordKeys?: string;
}

export function recordKeysOption(what: string): Option {
  return new Option("--record-keys <file>", what).env("DOWNBEAT_RECORD_KEYS_FILE");
}

/** @throws CommandFailure when the file can't be used */
export function recordKeysIn({ recordKeys }: RecordKeysOptions): RecordKeys | undefined {
  if (recordKeys === undefined || recordKeys === "") return undefined;
  try {
    return readRecordKeys(recordKeys);
  } catch (error) {
    throw new CommandFailure("usage", (error as Error).message);
  }
}
