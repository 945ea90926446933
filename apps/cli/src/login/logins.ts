import { mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { changeList, jsonList, patiently, readList, refuseOpen } from "@downbeat/protocol";
import { z } from "zod";
import { CommandFailure } from "../failure.ts";
import { configDirectory } from "./env.ts";

const login = z.strictObject({
  /** The origin of the server that it is for. */
  server: z.string().min(1),
  /** Where it is renewed. */
  issuer: z.url(),
  clientId: z.string().min(1),
  sends: z.enum(["accessToken", "idToken"]),
  /** What the server is asked with. */
  token: z.string().min(1),
  /** ms since 1970; not given where the provider doesn't say. */
  endsAt: z.number().int().optional(),
  refreshToken: z.string().min(1).optional(),
});

/** A sign-in of whoever uses this command line, at one server. */
export type Login = z.output<typeof login>;

const list = jsonList("sign-ins", "logins", z.array(login));

export const loginsFile = (): string => join(configDirectory(), "downbeat", "logins.json");

export const serverOf = (url: string): string => new URL(url).origin;

/** @throws CommandFailure when the file can't be used, or others may read it */
export function findLogin(url: string): Login | undefined {
  return allLogins().find(({ server }) => server === serverOf(url));
}

/** @throws CommandFailure when the file can't be used, or others may read it */
export function allLogins(): readonly Login[] {
  const file = loginsFile();
  return orUnusable(() => {
    const all = readList(file, list);
    if (all.length > 0) refuseOpenFile(file);
    return all;
  });
}

/** In place of an earlier one at the same server. */
export async function keepLogin(login: Login): Promise<void> {
  await changeLogins((all) => [...all.filter(({ server }) => server !== login.server), login]);
}

export async function forgetLogin({ server }: Login): Promise<void> {
  await changeLogins((all) => all.filter((each) => each.server !== server));
}

async function changeLogins(change: (all: readonly Login[]) => readonly Login[]): Promise<void> {
  const file = loginsFile();
  try {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    await patiently(() => changeList(file, list, change));
  } catch (error) {
    throw unusable(error);
  }
}

function refuseOpenFile(file: string): void {
  try {
    refuseOpen(file);
  } catch (error) {
    throw new Error(`The sign-ins in ${file} can't be used: ${(error as Error).message} ${file}`);
  }
}

function orUnusable<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw unusable(error);
  }
}

const unusable = (error: unknown): CommandFailure =>
  new CommandFailure("usage", error instanceof Error ? error.message : String(error));
