import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join, resolve } from "node:path";
import { z } from "zod";
import { isLoopback } from "./loopback.ts";

/** In the data directory of an embedded log: the token that it asks for, and where it is served. */
export const tokenFileName = "log.token";
export const addressFileName = "log.address";

const usualDataDirectory = ".downbeat";

const served = z.object({ url: z.string(), pid: z.number().int().positive() });
const note = served.extend({ tokenFile: z.string().min(1) });
type Note = z.infer<typeof note>;

/** Where the logs that a user runs are noted by their ports, for the programs of that user. */
function notesFolder(): string {
  return join(homedir(), ".local", "state", "downbeat", "logs");
}

/**
 * Tells the other processes of this user where the token of a log is that this process serves.
 *
 * @returns takes it back
 * @throws Error when it can't be written
 */
export function noteToken(url: string, tokenFile: string, folder = notesFolder()): () => void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  forgetGone(folder);
  const file = join(folder, fileOf(url));
  rmSync(file, { force: true });
  const noted: Note = { url, tokenFile, pid: process.pid };
  writeFileSync(file, JSON.stringify(noted), { mode: 0o600, flag: "wx" });
  return () => {
    // Another log may have taken the port since.
    if (noteIn(file)?.pid === process.pid) rmSync(file, { force: true });
  };
}

/**
 * The file with the token of the embedded log at an address: noted by its process, or in the data directory of the project that this process runs in.
 *
 * Not where that process is gone. Who listens at the port then is somebody else, and must not be shown the token.
 */
export async function tokenFileOf(
  url: string,
  folders: { readonly notes?: string; readonly project?: string } = {},
): Promise<string | undefined> {
  const address = URL.parse(url);
  if (address === null || !isLoopback(address.hostname) || !/^(ws|http):$/.test(address.protocol))
    return undefined;
  const noted = await read(note, () => join(folders.notes ?? notesFolder(), fileOf(url)));
  if (noted !== undefined && leadsTo(address, noted.url) && isAlive(noted.pid)) return noted.tokenFile;
  const data = resolve(folders.project ?? ".", usualDataDirectory);
  const here = await read(served, () => join(data, addressFileName));
  const isIt = here !== undefined && leadsTo(address, here.url) && isAlive(here.pid);
  return isIt ? join(data, tokenFileName) : undefined;
}

const sentence = "This log asks for its token, which is in ";

/** What the embedded log says to who doesn't show it. */
export function tokenAsked(file: string): string {
  return `${sentence}${file}`;
}

/** The file, where an answer is what {@link tokenAsked} says. */
export function askedTokenFile(answer: string): string | undefined {
  return answer.startsWith(sentence) ? answer.slice(sentence.length) : undefined;
}

/** At another address of this machine, with the same port, somebody else may listen. */
function leadsTo(address: URL, url: string): boolean {
  const there = URL.parse(url);
  if (there === null || fileOf(address.href) !== fileOf(url)) return false;
  return address.hostname === there.hostname || [address, there].some((one) => one.hostname === "localhost");
}

function fileOf(url: string): string {
  return `${URL.parse(url)?.port || "80"}.json`;
}

function forgetGone(folder: string): void {
  for (const name of readdirSync(folder)) {
    const noted = name.endsWith(".json") ? noteIn(join(folder, name)) : undefined;
    if (noted !== undefined && !isAlive(noted.pid)) rmSync(join(folder, name), { force: true });
  }
}

function noteIn(file: string): Note | undefined {
  try {
    return note.parse(JSON.parse(readFileSync(file, "utf8")));
  } catch {
    return undefined;
  }
}

async function read<T>(schema: z.ZodType<T>, file: () => string): Promise<T | undefined> {
  try {
    return schema.parse(JSON.parse(await readFile(file(), "utf8")));
  } catch {
    return undefined;
  }
}

/** Another user's process counts as none: its number was this user's once. */
export function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
