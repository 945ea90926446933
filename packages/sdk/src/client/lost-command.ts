import { type Followed, readPastInbox } from "./read-past-inbox.ts";

const askEveryMs = 5_000;

/**
 * Resolves with `true` once it is sure that a command whose receipt has just come will not be answered: all that was in the inbox is read past, and history
 * holds no answer. So it goes when somebody skips the inbox's backlog, or sets its cursor ahead. `false` when it was answered.
 *
 * @param answered settles when the command is answered, or not waited for any more
 */
export function isLost(followed: Followed, answered: Promise<unknown>): Promise<boolean> {
  return readPastInbox(followed, answered, askEveryMs);
}
