import type { Failure, FailureCause } from "./failure.ts";

type Told = Pick<Failure, "name" | "message" | "causes">;

/** Where the error began, as far as it says: the last of its first causes. */
export function rootCause({ causes }: Pick<Failure, "causes">): FailureCause | undefined {
  let root: FailureCause | undefined;
  for (const cause of causes ?? []) {
    if (root !== undefined && cause.depth <= root.depth) break;
    root = cause;
  }
  return root;
}

/** `TypeError: fetch failed (caused by Error: connect ECONNREFUSED 10.0.0.7:80)` */
export function failureWords(failure: Told): string {
  return `${failure.name}: ${messageWithCause(failure)}`.trim();
}

/** The message, and what it came of unless it says so itself. */
export function messageWithCause(failure: Told): string {
  const root = rootCause(failure);
  if (root === undefined || failure.message.includes(root.message)) return failure.message;
  return `${failure.message} (caused by ${causeWords(root)})`.trim();
}

export function causeWords({ name, message }: Pick<FailureCause, "name" | "message">): string {
  return [name, message].filter((part) => part !== "").join(": ");
}
