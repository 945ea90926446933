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

/** Equal for failures of one cause: job type, error name, and message without its numbers and ids. */
export function fingerprint(jobType: string | undefined, failure: Pick<Failure, "name" | "message">): string {
  const text = `${jobType ?? ""}\n${failure.name}\n${messagePattern(failure.message)}`;
  return (
    hashString(text).toString(36).padStart(7, "0") + hashString(`2\n${text}`).toString(36).padStart(7, "0")
  );
}
