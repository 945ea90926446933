import { closeSync, openSync, rmSync, statSync } from "node:fs";
import { setTimeout as wait } from "node:timers/promises";
import { CommandFailure } from "../failure.ts";
import { LoginOver, renew } from "./at-provider.ts";
import { findLogin, keepLogin, type Login, loginsFile } from "./logins.ts";

/** Renewed so long before its end: it has to last for what is asked with it, and clocks differ. */
const earlyMs = 60_000;
/** Of whoever was killed while they renewed one. */
const forsakenMs = 45_000;
const betweenTriesMs = 50;

/**
 * What the server is asked with by who signed in there with `downbeat login`, renewed where that is due; `undefined` where nobody did.
 *
 * @throws CommandFailure when the sign-in is over, or can't be renewed
 */
export async function loginToken(url: string): Promise<string | undefined> {
  const login = findLogin(url);
  if (login === undefined || isFresh(login)) return login?.token;
  return alone(`${loginsFile()}.renewing`, async () => {
    // Another command may have done it meanwhile: providers that rotate them take each refresh token once.
    const latest = findLogin(url);
    return latest === undefined || isFresh(latest) ? latest?.token : renewed(latest);
  });
}

function isFresh({ endsAt }: Login): boolean {
  return endsAt === undefined || Date.now() < endsAt - earlyMs;
}

async function renewed(login: Login): Promise<string> {
  const isStillGood = login.endsAt !== undefined && Date.now() < login.endsAt;
  if (login.refreshToken === undefined) {
    if (isStillGood) return login.token;
    throw over(login);
  }
  try {
    const { claims: _, ...fresh } = await renew(login, login.refreshToken);
    const { server, issuer, clientId, sends } = login;
    await keepLogin({ server, issuer, clientId, sends, ...fresh });
    return fresh.token;
  } catch (error) {
    if (isStillGood) return login.token;
    throw error instanceof LoginOver ? over(login) : error;
  }
}

const over = ({ server }: Login): CommandFailure =>
  new CommandFailure(
    "usage",
    `Your sign-in at ${server} is over. Sign in again: downbeat login --url ${server}`,
  );

async function alone<T>(lock: string, work: () => Promise<T>): Promise<T> {
  while (!isTaken(lock)) await wait(betweenTriesMs);
  try {
    return await work();
  } finally {
    rmSync(lock, { force: true });
  }
}

function isTaken(lock: string): boolean {
  try {
    closeSync(openSync(lock, "wx", 0o600));
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST")
      throw new CommandFailure("failed", `The sign-in can't be renewed: ${(error as Error).message}.`);
    const since = statSync(lock, { throwIfNoEntry: false })?.mtimeMs;
    if (since !== undefined && Date.now() - since > forsakenMs) rmSync(lock, { force: true });
    return false;
  }
}
