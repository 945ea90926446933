import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";

/** A later version may say more. */
const entry = z.object({
  /** `issuer|subject`, as history names people. */
  id: z.string(),
  /** What people call them. */
  name: z.string(),
  by: z.enum(["account", "provider"]),
  /** What the access file gives them, and where. */
  roles: z.array(z.object({ role: z.string(), in: z.array(z.string()) })),
  /** ms since 1970, as all that follows: when they signed in. */
  since: z.number(),
  /** When they last asked for anything, up to a minute ago. */
  seen: z.number(),
  /** When it ends if they ask for nothing more. */
  idleUntil: z.number(),
  /** When it ends, however busy. */
  until: z.number(),
  /** Where that was asked from, as far as it is known. */
  from: z.object({ address: z.string().optional(), agent: z.string().optional() }).optional(),
});

/** Somebody who is signed in somewhere; nothing of it lets anybody in. */
export type SignedInSession = z.output<typeof entry>;

/** What somebody does is written down as often. */
export const notedEveryMs = 60_000;

/**
 * Writes down, for whoever keeps the server, that a session goes on. A file each, so that servers that share the directory don't undo what the other
 * one wrote; its name is a digest, from which no session can be had.
 *
 * @throws Error when it can't be written
 */
export function noteSignedIn(folder: string, sessionId: string, session: SignedInSession): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const file = join(folder, nameOfSession(sessionId));
  // Two servers may write of the same one.
  const fresh = `${file}.${process.pid}.new`;
  writeFileSync(fresh, `${JSON.stringify(session)}\n`, { mode: 0o600 });
  renameSync(fresh, file);
}

/** @param name of the session, as `nameOfSession` has it */
export function forgetSignedIn(folder: string, name: string): void {
  rmSync(join(folder, name), { force: true });
}

/** What a session may be called before others: a digest, from which it can't be had. */
export function nameOfSession(sessionId: string): string {
  return createHash("sha256").update(sessionId).digest("base64url");
}

export interface NamedSession {
  readonly name: string;
  readonly session: SignedInSession;
}

/**
 * Those that can be read, longest signed in first.
 *
 * @param isGood whether somebody who signed in then may still be
 * @throws Error when the folder can't be read
 */
export async function namedSessions(
  folder: string,
  now: number,
  isGood: (session: SignedInSession) => boolean,
): Promise<readonly NamedSession[]> {
  const found: NamedSession[] = [];
  for await (const { name, session } of readSignedIn(folder))
    if (goesOn(session, now) && isGood(session)) found.push({ name, session });
  return found.sort((one, other) => one.session.since - other.session.since);
}

interface SignedInSessions {
  readonly sessions: readonly SignedInSession[];
  /** Entries that can't be read: damaged, or of a version that writes them otherwise. */
  readonly unreadable: number;
}

/**
 * Who is signed in by what servers wrote down.
 *
 * @param isGood whether somebody who signed in then may still be
 * @throws Error when the folder can't be read
 */
export function signedInSessions(
  folder: string,
  now: number,
  isGood: (session: SignedInSession) => boolean,
): SignedInSessions {
  const found = entriesIn(folder).map((name) => readEntry(join(folder, name)));
  return {
    sessions: found
      .filter((each) => each !== "gone" && each !== "unreadable")
      .filter((each) => goesOn(each, now) && isGood(each))
      .sort((one, other) => other.seen - one.seen),
    unreadable: found.filter((each) => each === "unreadable").length,
  };
}

/**
 * Takes away what is written of sessions that have ended by themselves, or of people who may not be in any more.
 *
 * @throws Error when the folder can't be read
 */
export async function sweepSignedIn(
  folder: string,
  now: number,
  isGood: (session: SignedInSession) => boolean,
): Promise<void> {
  for await (const { name, session } of readSignedIn(folder))
    if (!(goesOn(session, now) && isGood(session))) await rm(join(folder, name), { force: true });
}

/** Those that can be read. */
async function* readSignedIn(folder: string): AsyncGenerator<NamedSession> {
  for (const name of entriesIn(folder)) {
    const session = parseEntry(await readFile(join(folder, name), "utf8").catch(() => ""));
    if (session !== undefined) yield { name, session };
  }
}

function goesOn({ idleUntil, until }: SignedInSession, now: number): boolean {
  return now < until && now < idleUntil + notedEveryMs;
}

function entriesIn(folder: string): readonly string[] {
  if (statSync(folder, { throwIfNoEntry: false }) === undefined) return [];
  return readdirSync(folder).filter((name) => !name.includes("."));
}

function readEntry(path: string): SignedInSession | "gone" | "unreadable" {
  try {
    return parseEntry(readFileSync(path, "utf8")) ?? "unreadable";
  } catch (error) {
    // Signed out between two looks.
    return (error as NodeJS.ErrnoException).code === "ENOENT" ? "gone" : "unreadable";
  }
}

function parseEntry(text: string): SignedInSession | undefined {
  try {
    return entry.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
