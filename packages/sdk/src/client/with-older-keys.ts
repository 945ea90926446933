import type { RejectionCode } from "@downbeat/domain";
import { RunRefusedError } from "./errors.ts";

/** By which a run may have been started whose start is repeated. */
const mostOlderKeys = 10;

/**
 * A start that may be the same as one from before the key was changed: only the same key says so.
 *
 * @param start with the key that was the newest so many changes ago
 * @throws RunRefusedError as the newest key has it, where no older one is that of the run
 */
export async function withOlderKeys(start: (older: number) => Promise<void>): Promise<void> {
  try {
    await start(0);
  } catch (error) {
    if (!isRefusal(error, "RunIdTaken")) throw error;
    for (let older = 1; older <= mostOlderKeys; older++)
      try {
        return await start(older);
      } catch (again) {
        if (isRefusal(again, "InvalidInput")) break;
        if (!isRefusal(again, "RunIdTaken")) throw again;
      }
    throw error;
  }
}

function isRefusal(error: unknown, code: RejectionCode): boolean {
  return error instanceof RunRefusedError && error.code === code;
}
