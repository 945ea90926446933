import {
  changePayloadKeys,
  type PayloadKeyEntry,
  parsePayloadKeys,
  patiently,
  readPayloadKeys,
} from "@downbeat/protocol";
import { CommandFailure } from "../failure.ts";

/** @throws CommandFailure when the file can't be used */
export function read(file: string): readonly PayloadKeyEntry[] {
  try {
    return readPayloadKeys(file);
  } catch (error) {
    throw new CommandFailure("usage", (error as Error).message);
  }
}

/** @throws CommandFailure when the file can't be changed, or would be none then */
export async function changed(
  file: string,
  change: (keys: readonly PayloadKeyEntry[]) => readonly PayloadKeyEntry[],
): Promise<void> {
  const checked = (keys: readonly PayloadKeyEntry[]) =>
    parsePayloadKeys(JSON.stringify({ keys: change(keys) }));
  try {
    await patiently(() => changePayloadKeys(file, checked));
  } catch (error) {
    if (error instanceof CommandFailure) throw error;
    throw new CommandFailure("failed", (error as Error).message);
  }
}
