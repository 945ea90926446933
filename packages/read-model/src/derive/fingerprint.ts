import { type Failure, hashString } from "@downbeat/domain";

const longest = 500;

/** The message without what differs from case to case: ids, numbers, quoted values. */
export function messagePattern(message: string): string {
  return message
    .slice(0, longest)
    .replace(/\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/gi, "#")
    .replace(/"[^"]*"|'[^']*'|`[^`]*`/g, "#")
    .replace(/\b(?=[\w-]*\d)[\w-]+\b/g, "#")
    .replace(/#(?:[.:/,-]#)+/g, "#")
    .replace(/\s+/g, " ")
    .trim();
}

/** Equal for failures of one cause: job type, error name, and message without its numbers and ids, and so of what the error came of. */
export function fingerprint(
  jobType: string | undefined,
  failure: Pick<Failure, "name" | "message" | "causes">,
): string {
  const causes = causePatterns(failure).map((pattern) => `\n${pattern}`);
  const text = `${jobType ?? ""}\n${failure.name}\n${messagePattern(failure.message)}${causes.join("")}`;
  return (
    hashString(text).toString(36).padStart(7, "0") + hashString(`2\n${text}`).toString(36).padStart(7, "0")
  );
}

/** No job type has a blank in its name: an error of code that is named as damage is has a cause of its own. */
export function damageFingerprint(failure: Pick<Failure, "name" | "message">): string {
  return fingerprint(" ", failure);
}

/** Each once and in order of the alphabet: of a host with several addresses, which was tried first is no other cause. */
function causePatterns({ causes = [] }: Pick<Failure, "causes">): string[] {
  return [...new Set(causes.map(({ name, message }) => `${name}: ${messagePattern(message)}`))].sort();
}
