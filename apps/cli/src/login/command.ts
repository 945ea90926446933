import { calledBy } from "@downbeat/access";
import { Command, Option } from "commander";
import { openTo } from "../api/client.ts";
import { givenToken, refuseOpenWay } from "../api/env.ts";
import { CommandFailure } from "../failure.ts";
import { printLine, printNote } from "../output/print.ts";
import { type Code, revoke, signInByDevice } from "./at-provider.ts";
import { allLogins, findLogin, forgetLogin, keepLogin, type Login, loginsFile, serverOf } from "./logins.ts";
import { wayOfServer } from "./way-of-server.ts";

const atServer = (): Option =>
  new Option("--url <address>", "address of the server").env("DOWNBEAT_URL").default("http://127.0.0.1:3000");

export function loginCommand(): Command {
  return new Command("login")
    .description(
      "Sign in to a server through the company's sign-in: it shows a code for a browser on this or any other machine. From then on, commands for that server act as you, unless DOWNBEAT_TOKEN or DOWNBEAT_TOKEN_FILE is set",
    )
    .addOption(atServer())
    .action(({ url }: { readonly url: string }) => login(url));
}

export function logoutCommand(): Command {
  return new Command("logout")
    .description("Sign out: forget what login stored here and, where possible, end it at the provider")
    .addOption(atServer())
    .option("--all", "of every server", false)
    .action(logout);
}

async function login(url: string): Promise<void> {
  const server = originOf(url);
  refuseOpenWay(server);
  const { name, ...way } = await wayOfServer(server);
  const { claims, ...granted } = await signInByDevice(way, (code) => show(code, `${name}, at ${server}`));
  // Said now, and not by the first command that is needed in a hurry.
  const namespaces = await openTo(server, granted.token);
  const before = findLogin(server);
  const { issuer, clientId, sends } = way;
  await keepLogin({ server, issuer, clientId, sends, ...granted });
  if (before?.refreshToken !== undefined) await revoke(before, before.refreshToken);
  printLine(
    `You are signed in at ${server}${calledBy(claims) === undefined ? "" : ` as ${calledBy(claims)}`}.`,
  );
  if (namespaces === 0)
    printNote("You have no role in any namespace there: ask your Downbeat administrators for one.");
  if (granted.refreshToken === undefined && granted.endsAt !== undefined)
    printNote(
      `The provider gave nothing to renew it with: it ends at ${new Date(granted.endsAt).toISOString()}.`,
    );
  if (givenToken() !== undefined)
    printNote(
      "A token is set in DOWNBEAT_TOKEN or DOWNBEAT_TOKEN_FILE: commands go on to ask with that one.",
    );
}

function show({ code, address, wholeAddress, expiresInSeconds }: Code, where: string): void {
  printNote(`Sign in with ${where}:`);
  printNote(`  open  ${address}`);
  printNote(`  code  ${code}`);
  if (wholeAddress !== undefined) printNote(`  or    ${wholeAddress}`);
  const minutes = Math.floor(expiresInSeconds / 60);
  const left = minutes < 2 ? `${expiresInSeconds} s` : `${minutes} min`;
  printNote(`The code is good for ${left}. Waiting for you to sign in …`);
}

async function logout({ url, all }: { readonly url: string; readonly all: boolean }): Promise<void> {
  const server = originOf(url);
  const ended = all ? allLogins() : [findLogin(server)].filter((each) => each !== undefined);
  if (ended.length === 0)
    return printLine(all ? "You are signed in nowhere." : `You are not signed in at ${server}.`);
  for (const each of ended) await end(each);
}

async function end(login: Login): Promise<void> {
  await forgetLogin(login);
  printLine(`You are signed out at ${login.server}.`);
  const isEnded = login.refreshToken !== undefined && (await revoke(login, login.refreshToken));
  if (!isEnded)
    printNote(
      `${login.issuer} could not be told. What stood in ${loginsFile()} is gone; a copy of it would be good for as long as the provider lets it be.`,
    );
}

function originOf(url: string): string {
  if (URL.canParse(url) && /^https?:$/.test(new URL(url).protocol)) return serverOf(url);
  throw new CommandFailure(
    "usage",
    `--url must be an http address, such as http://127.0.0.1:3000; it is ${url}.`,
  );
}
