import { writeFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Account, changeAccounts, hashPassword } from "@downbeat/access";
import { onTestFinished } from "vitest";
import { type RunningServer, startServer } from "./stack.ts";

export const password = "correct horse battery";
/** Made once: it is as slow as it is meant to be. */
const hash = hashPassword(password);

export interface GuardedServer {
  readonly accessFile: string;
  readonly server: RunningServer;
  /** What the dashboard's process was asked for: path, and the namespaces that it was told. */
  readonly pages: {
    readonly path: string;
    readonly namespaces: string;
    readonly cookie: string | undefined;
  }[];
  readonly change: (change: (all: readonly Account[]) => readonly Account[]) => void;
}

/** A server at which ada (in `admins`) and grace (in no group) may sign in. */
export async function startGuarded(env: Record<string, string>, access: object = {}): Promise<GuardedServer> {
  const directory = await mkdtemp(join(tmpdir(), "downbeat-access-"));
  onTestFinished(() => rm(directory, { recursive: true }));
  const roles = [
    { role: "admin", who: { group: "admins" } },
    { role: "viewer", who: "everyone" },
  ];
  const file = join(directory, "access.json");
  writeFileSync(file, JSON.stringify({ accounts: "accounts.json", roles, ...access }), { mode: 0o600 });
  const accountsFile = join(directory, "accounts.json");
  const made = { password: await hash, isDisabled: false, sessionsSince: 0 };
  changeAccounts(accountsFile, () => [
    { ...made, name: "ada", fullName: "Ada Lovelace", groups: ["admins"] },
    { ...made, name: "grace", groups: [] },
  ]);
  const pages: GuardedServer["pages"] = [];
  const web = createServer(({ url = "", headers }, response) => {
    pages.push({ path: url, namespaces: String(headers["x-downbeat-namespaces"]), cookie: headers.cookie });
    response.end("a page");
  });
  await new Promise<void>((resolve) => web.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    web.closeAllConnections();
    web.close();
  });
  const webUrl = `http://127.0.0.1:${(web.address() as AddressInfo).port}`;
  const server = await startServer({ DOWNBEAT_WEB_URL: webUrl, DOWNBEAT_ACCESS_FILE: file, ...env });
  onTestFinished(() => server[Symbol.asyncDispose]());
  return { server, accessFile: file, pages, change: (change) => changeAccounts(accountsFile, change) };
}

/** What a browser does with the form. */
export function postForm(
  url: string,
  path: string,
  fields: Readonly<Record<string, string>>,
  headers: Readonly<Record<string, string>> = {},
): Promise<Response> {
  return fetch(`${url}${path}`, {
    method: "POST",
    redirect: "manual",
    headers: { origin: new URL(url).origin, "sec-fetch-site": "same-origin", ...headers },
    body: new URLSearchParams(fields),
  });
}

/** @returns the cookie as a browser sends it */
export async function signIn(
  url: string,
  name: string,
  headers?: Readonly<Record<string, string>>,
): Promise<string> {
  const answer = await postForm(url, "/signin", { name, password, to: "/" }, headers);
  const cookie = answer.headers.get("set-cookie")?.split(";")[0];
  if (answer.status !== 303 || cookie === undefined)
    throw new Error(`${name} could not sign in: ${await answer.text()}`);
  return cookie;
}
