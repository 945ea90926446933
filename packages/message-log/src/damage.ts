import type { ReceivedMessage } from "./message-log.ts";

/**
 * Property of a message that its log holds and could not read whole; the value is a sentence that says what is wrong. Of such a message only the position is
 * certain. Its properties are those that were still to be read, `publishTime` is that of a neighbour, and its payload begins with the sentence, so that nobody
 * takes what is left for something valid.
 */
export const damagedProperty = "downbeat.damaged";

/** What is wrong with a message that the log could not read whole; `undefined` for one that is as it was sent. */
export function damageOf({ properties }: Pick<ReceivedMessage, "properties">): string | undefined {
  return properties[damagedProperty];
}
