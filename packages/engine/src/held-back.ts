import { comparePositions, type Position } from "@downbeat/message-log";

/** Why an engine never decides in a partition, in sentences without their stops, where it is for its file of keys. */
const file = "its file is named by DOWNBEAT_RECORD_KEYS_FILE";

export const noKeyThatSigns = `its records are signed, and this engine has no key that signs (${file})`;

export function keyIsMissing(keyId: string): string {
  return `another engine signs here with the key ${JSON.stringify(keyId)}, which this engine doesn't have (${file})`;
}

/** As a snapshot knows it that was made by other keys. */
export interface KnownClaim {
  readonly epoch: number;
  /** History was read so far. */
  readonly position: Position;
  /** The snapshot's file. */
  readonly path: string;
}

/** @returns nothing where these keys believe as much, or the log is another one or was cut */
export function claimIsMissing(
  known: KnownClaim | undefined,
  epoch: number,
  end: Position | undefined,
): string | undefined {
  if (known === undefined || known.epoch <= epoch) return undefined;
  if (end === undefined || comparePositions(known.position, end) > 0) return undefined;
  const counts = epoch === 0 ? "none does" : `none after ${epoch} does`;
  return `by the keys that this engine had before, claim ${known.epoch} counts here, and by those it has now ${counts}: a key is missing (${file}), or ${known.path} is of another log and is to be deleted`;
}

export function isForKeys(reason: string): boolean {
  return reason.includes(file);
}
