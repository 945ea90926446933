import {
  type AccessFile,
  calledBy,
  type Identity,
  idOf,
  isJwt,
  localIssuer,
  readAccess,
  readAccounts,
  shownName,
  standingOf,
  type Vouching,
  vouchedClaims,
} from "@downbeat/access";
import { formatNamespaceName, type NamespaceName, parseNamespaceName } from "@downbeat/protocol";
import { Command } from "commander";
import { z } from "zod";
import { CommandFailure } from "../failure.ts";
import { readText } from "../input/read-text.ts";
import { printJson, printLine } from "../output/print.ts";
import { table } from "../output/table.ts";
import { momentWords } from "../output/words.ts";
import { type AccessOptions, orFailure, withAccess } from "../users/access-option.ts";
import { ruleLines, secondPersonRules } from "./second-person-rules.ts";
import { vouchingOf } from "./vouching.ts";

interface CheckOptions extends AccessOptions {
  readonly account?: string;
  readonly token?: string;
  readonly json: boolean;
}

const claims = z.looseObject({ sub: z.string().min(1) });

export function checkAuthCommand(): Command {
  return withAccess(
    new Command("check")
      .description(
        "Check the access file, and show what needs a second person; for an account or a token, show its role in the given namespaces, and which rule gives it",
      )
      .argument("[namespaces...]", "such as acme/orders; by default those the file names")
      .option("--account <name>", "a name in the file of accounts")
      .option(
        "--token <file>",
        "a token of the provider, or its claims as JSON; - reads standard input. If the access file accepts such tokens (provider.bearer), the signature is checked with the provider's keys",
      )
      .option("--json", "print the answer as JSON", false),
  ).action(checkAuth);
}

async function checkAuth(
  named: readonly string[],
  { access: file, account, token, json }: CheckOptions,
): Promise<void> {
  const access = orFailure(() => readAccess(file));
  if ((account === undefined) === (token === undefined)) {
    if (account !== undefined) throw new CommandFailure("usage", "Give --account or --token, not both.");
    return printRules(file, access, named, json);
  }
  const given = account === undefined ? (await readText(token ?? "-")).trim() : undefined;
  const identity = given === undefined ? accountOf(access, account ?? "") : claimedBy(access, given);
  const standings = namespacesOf(access, named).map((name) => ({
    name,
    standing: standingOf(access, identity, name),
  }));
  const vouching = given === undefined ? undefined : await vouchingOf(access, given);
  if (json) {
    const roles = standings.map(({ name, standing }) => ({
      ...name,
      ...(standing.role !== undefined && { role: standing.role, by: standing.rule?.who }),
    }));
    return printJson({
      id: idOf(identity),
      name: identity.name,
      roles,
      ...(vouching !== undefined && { token: tokenView(vouching) }),
    });
  }
  printLine(`${identity.name} (${idOf(identity)})`);
  const rows = standings.map(({ name, standing }) => [
    formatNamespaceName(name),
    standing.role ?? "no role",
    standing.role === undefined ? "" : JSON.stringify(standing.rule?.who),
  ]);
  printLine(table(["NAMESPACE", "ROLE", "BY"], rows));
  if (vouching !== undefined) printLine(tokenWords(vouching));
}

function printRules(file: string, access: AccessFile, named: readonly string[], json: boolean): void {
  const rules = secondPersonRules(access, named.length === 0 ? [] : namespacesOf(access, named));
  if (json) return printJson({ roles: access.roles.length, secondPerson: rules });
  printLine(`${file} can be used: ${access.roles.length} ${access.roles.length === 1 ? "rule" : "rules"}.`);
  if (rules.length === 0) return printLine("Nothing needs a second person.");
  for (const line of rules.flatMap(ruleLines)) printLine(line);
}

/** What the server would say of it. */
function tokenView(vouching: Vouching) {
  return vouching.type === "good"
    ? { taken: true, until: vouching.endsAt }
    : { taken: vouching.type === "unknown" ? null : false, why: vouching.why };
}

function tokenWords(vouching: Vouching): string {
  switch (vouching.type) {
    case "good":
      return `The server takes this token until ${momentWords(vouching.endsAt)}.`;
    case "refused":
      return `The server doesn't take this token. ${vouching.why}`;
    case "unknown":
      return `It is not known whether the server takes this token. ${vouching.why}`;
  }
}

function accountOf({ accountsFile }: AccessFile, name: string): Identity {
  const found = orFailure(() => (accountsFile === undefined ? [] : readAccounts(accountsFile))).find(
    (each) => each.name === name,
  );
  if (found === undefined) throw new CommandFailure("notFound", `There is no account ${name}.`);
  return {
    issuer: localIssuer,
    subject: name,
    name: found.fullName ?? name,
    groups: found.groups,
    claims: { groups: found.groups },
  };
}

function claimedBy(access: AccessFile, text: string): Identity {
  if (access.provider === undefined)
    throw new CommandFailure("usage", "The access file names no provider: nobody comes with a token.");
  const said = claims.safeParse(payloadOf(text));
  if (!said.success)
    throw new CommandFailure("usage", "It is no token, and no claims of one: JSON with a sub.");
  const { sub: subject } = said.data;
  const { issuer } = access.provider;
  return {
    issuer,
    subject,
    name: shownName(calledBy(said.data) ?? subject),
    ...vouchedClaims(access, said.data),
  };
}

function payloadOf(text: string): unknown {
  const [, payload = ""] = text.split(".");
  try {
    return JSON.parse(isJwt(text) ? Buffer.from(payload, "base64url").toString("utf8") : text);
  } catch {
    return undefined;
  }
}

function namespacesOf({ roles }: AccessFile, named: readonly string[]): readonly NamespaceName[] {
  const texts =
    named.length > 0
      ? named
      : [...new Set(roles.flatMap((rule) => rule.in))].filter((one) => !one.includes("*"));
  const names = texts.map((text) => parseNamespaceName(text) ?? text);
  const wrong = names.find((name) => typeof name === "string");
  if (wrong !== undefined) throw new CommandFailure("usage", `${wrong} is no namespace such as acme/orders.`);
  const parsed = names.filter((name) => typeof name !== "string");
  return parsed.length > 0 ? parsed : [{ tenant: "public", namespace: "default" }];
}
