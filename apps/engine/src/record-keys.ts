import { type RecordKeys, recordKeysOf } from "@downbeat/protocol";
import type { Env } from "./env.ts";

/** @throws Error with a sentence that says what to do, also where nothing that this engine writes could ever count */
export function recordKeysOfEngine(
  env: Pick<Env, "DOWNBEAT_RECORD_KEYS_FILE" | "DOWNBEAT_ROLE">,
): RecordKeys | undefined {
  const keys = recordKeysOf(env);
  if (keys?.isNeverUnsigned === true && keys.signingId === undefined && env.DOWNBEAT_ROLE !== "log")
    throw new Error(
      `The record keys in ${env.DOWNBEAT_RECORD_KEYS_FILE} say that nothing unsigned counts ("unsigned": "never"), and none of them signs: this engine could decide nothing. Have one sign: downbeat keys sign ${env.DOWNBEAT_RECORD_KEYS_FILE} ${keys.ids[0]}.`,
    );
  return keys;
}
