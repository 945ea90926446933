import { encryptedOf, isEncrypted } from "@downbeat/domain";
import { readToldError, type ToldError } from "@downbeat/protocol";

/**
 * What a failure said before all of it was encrypted.
 *
 * @param readable a payload as it was before it was encrypted, where that can be told
 * @returns nothing where only its details were, or none of it
 */
export function toldErrorOf(details: string, readable: (json: string) => string): ToldError | undefined {
  if (encryptedOf(details)?.of !== "error") return undefined;
  const said = readable(details);
  return isEncrypted(said) ? undefined : readToldError(said);
}
