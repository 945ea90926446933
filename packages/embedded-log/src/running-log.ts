import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { LogError } from "@downbeat/message-log";
import { addressFileName } from "@downbeat/wire";
import { z } from "zod";

/** Where the log of a data directory is served, and what its operator says to it. Only who may read the log's files can read it. */
const note = z.object({ url: z.string(), token: z.string(), pid: z.number().optional() });
export type RunningLog = z.infer<typeof note>;

export function noteRunningLog(dataDirectory: string, running: Omit<RunningLog, "pid">): () => void {
  const file = join(dataDirectory, addressFileName);
  rmSync(file, { force: true });
  writeFileSync(file, JSON.stringify({ ...running, pid: process.pid }), { mode: 0o600, flag: "wx" });
  return () => rmSync(file, { force: true });
}

/** `undefined`: none was noted. One that was may have ended since. */
export function notedLog(dataDirectory: string): RunningLog | undefined {
  try {
    return note.parse(JSON.parse(readFileSync(join(dataDirectory, addressFileName), "utf8")));
  } catch {
    return undefined;
  }
}

/**
 * Has a running log write a backup.
 *
 * @param directory absolute
 * @returns the file, or `undefined` when there is no log at that address any more
 * @throws LogError when it can't
 */
export async function backUpRunning(running: RunningLog, directory: string): Promise<string | undefined> {
  let response: Response;
  try {
    response = await fetch(`${running.url.replace(/^ws/, "http")}/admin/downbeat/backup`, {
      method: "POST",
      headers: { authorization: `Bearer ${running.token}`, "content-type": "application/json" },
      body: JSON.stringify({ directory }),
    });
  } catch {
    return undefined;
  }
  // Of another log, which took the port since.
  if (response.status === 401 || response.status === 404) return undefined;
  const answer: unknown = await response.json().catch(() => undefined);
  const made = z.object({ file: z.string() }).safeParse(answer).data;
  if (made !== undefined) return made.file;
  const refused = z.object({ reason: z.string() }).safeParse(answer).data;
  throw new LogError(
    response.status === 409 ? "conflict" : "unavailable",
    refused?.reason ?? `The log at ${running.url} answered with status ${response.status}.`,
  );
}
