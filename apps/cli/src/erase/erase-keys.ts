import { erasePayloadKeys, type PayloadKeyEntry } from "@downbeat/protocol";
import { CommandFailure } from "../failure.ts";
import { changed, read } from "../payload-keys/key-file.ts";

/** What the audit takes in one entry. */
const mostNoted = 1_000;
/** Who makes keys as fast as they are erased has to be stopped before. */
const mostRounds = 100;

interface Erasure {
  readonly file: string;
  readonly subject: string;
  /** Resolves when the audit has it. */
  readonly note: (ids: readonly string[]) => Promise<unknown>;
}

export function keysOf(keys: readonly PayloadKeyEntry[], subject: string): readonly string[] {
  return keys.flatMap((key) => ("secret" in key && key.subject === subject ? [key.id] : []));
}

/**
 * Notes keys and erases those, and no others, until the subject has none: a worker may make one meanwhile.
 *
 * @returns their ids
 */
export async function eraseKeys({ file, subject, note }: Erasure): Promise<readonly string[]> {
  const erased: string[] = [];
  for (let round = 0; round < mostRounds; round++) {
    const ids = keysOf(read(file), subject).slice(0, mostNoted);
    if (ids.length === 0) return erased;
    await note(ids);
    try {
      await changed(file, (keys) => erasePayloadKeys(keys, subject, new Date(), new Set(ids)));
    } catch (error) {
      throw new CommandFailure(
        "failed",
        `${(error as Error).message} The audit has it, and these keys are not erased: ${ids.join(", ")}. Give the command again.`,
      );
    }
    erased.push(...ids);
  }
  throw new CommandFailure(
    "failed",
    `${erased.length} keys of ${subject} were erased, and new ones are made all the time: stop what starts runs of ${subject}, and give the command again.`,
  );
}
