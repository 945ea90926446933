import { z } from "zod";
import { type RecordKeys, readRecordKeys } from "./record-keys.ts";

/** The environment variable by which engines, servers and the command line are told of the file of keys. Whoever has it can sign, so workers and clients are not. */
export const recordKeysVariables = { DOWNBEAT_RECORD_KEYS_FILE: z.string().min(1).optional() } as const;

type Given = z.output<z.ZodObject<typeof recordKeysVariables>>;

/**
 * @returns `undefined`: records are neither signed nor checked
 * @throws Error as `readRecordKeys`
 */
export function recordKeysOf({ DOWNBEAT_RECORD_KEYS_FILE: path }: Given): RecordKeys | undefined {
  return path === undefined ? undefined : readRecordKeys(path);
}
