import { constants, getPriority, setPriority } from "node:os";

/** Where both want a core, a thread gets a third of what one of the usual priority does. With less, a loop would take minutes to reach its limit on a busy machine. */
const lower = 5;

/**
 * Of one thread alone: on Linux a priority belongs to a thread, and is set by the thread's id as by a process's.
 *
 * @param account of `accountOfThread`
 */
export function lowerPriority(account: string): void {
  const [, thread] = /\/task\/(\d+)\/stat$/.exec(account) ?? [];
  if (thread === undefined) return;
  try {
    setPriority(
      Number(thread),
      Math.min(constants.priority.PRIORITY_LOW, getPriority(Number(thread)) + lower),
    );
  } catch {
    // It has ended, or its host forbids it: then it takes what it gets.
  }
}
