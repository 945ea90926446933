import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Path for a log file in a new directory of its own. */
export async function temporaryFile(): Promise<{ readonly file: string; readonly directory: string }> {
  const directory = await mkdtemp(join(tmpdir(), "downbeat-log-"));
  return { file: join(directory, "log.db"), directory };
}
