import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";

const longest = 200;

/**
 * What a worker's code is called where its author doesn't say: the version in the nearest package.json above what was started, and the commit of the git
 * folder there, e.g. `2.4.0+3f9c2ab`. Empty where there is neither.
 */
export function defaultBuild(from: string): string {
  const version = nearest(from, (folder) => versionIn(join(folder, "package.json")));
  const commit = nearest(from, (folder) => commitIn(join(folder, ".git")));
  return [version, commit]
    .filter((part) => part !== undefined)
    .join("+")
    .slice(0, longest);
}

function nearest(from: string, look: (folder: string) => string | undefined): string | undefined {
  for (let folder = from; ; folder = dirname(folder)) {
    const found = look(folder);
    if (found !== undefined || dirname(folder) === folder) return found;
  }
}

function versionIn(file: string): string | undefined {
  try {
    const json: unknown = JSON.parse(readFileSync(file, "utf8"));
    const version = typeof json === "object" && json !== null && "version" in json ? json.version : undefined;
    return typeof version === "string" && version !== "" ? version : undefined;
  } catch {
    return undefined;
  }
}

/** No process is started for it: git may not be there, and a worker waits for nothing. */
function commitIn(git: string): string | undefined {
  const folder = text(git)?.match(/^gitdir: (.+)$/m)?.[1] ?? git;
  const head = text(join(folder, "HEAD"));
  if (head === undefined) return undefined;
  const ref = head.match(/^ref: (\S+)$/m)?.[1];
  if (ref === undefined) return shortened(head);
  // A second work tree keeps its branches where the first does.
  const common = join(folder, text(join(folder, "commondir"))?.trim() ?? "");
  const packed = text(join(common, "packed-refs"))
    ?.split("\n")
    .find((line) => line.endsWith(` ${ref}`));
  return shortened(text(join(common, ref)) ?? packed);
}

function shortened(commit: string | undefined): string | undefined {
  return commit?.match(/^[0-9a-f]{7}/)?.[0];
}

function text(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}
