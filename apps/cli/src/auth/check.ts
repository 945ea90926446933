import {
  type AccessFile,
  type Identity,
  idOf,
  localIssuer,
  readAccess,
  readAccounts,
  shownName,
  standingOf,
  vouchedClaims,
} from "@downbeat/access";
import { formatNamespaceName, type NamespaceName, parseNamespaceName } from "@downbeat/protocol";
import { Command } from "commander";
import { z } from "zod";
import { CommandFailure } from "../failure.ts";
import { readText } from "../input/read-text.ts";
import { printJson, printLine } from "../output/print.ts";
import { table } from "../output/table.ts";
import { type AccessOptions, orFailure, withAccess } from "../users/access-option.ts";

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
        "Whether the access file can be used; and what an account, or whoever has a given token, would be in these namespaces, and by which rule",
      )
      .argument("[namespaces...]", "such as acme/orders; those that the file names if not given")
      .option("--account <name>", "of the file of accounts")
      .option(
        "--token <file>",
        "an ID token, or its claims as JSON; - for standard input. Its signature is not checked",
      )
      .option("--json", "the answer as JSON", false),
  ).action(checkAuth);
}

async function checkAuth(
  named: readonly string[],
  { access: file, account, token, json }: CheckOptions,
): Promise<void> {
  const access = orFailure(() => readAccess(file));
  if ((account === undefined) === (token === undefined)) {
    if (account !== undefined) throw new CommandFailure("usage", "Give --account or --token, not both.");
    return printLine(
      `${file} can be used: ${access.roles.length} ${access.roles.length === 1 ? "rule" : "rules"}.`,
    );
  }
  const identity = account === undefined ? await bearerOf(access, token ?? "-") : accountOf(access, account);
  const standings = namespacesOf(access, named).map((name) => ({
    name,
    standing: standingOf(access, identity, name),
  }));
  if (json) {
    const roles = standings.map(({ name, standing }) => ({
      ...name,
      ...(standing.role !== undefined && { role: standing.role, by: standing.rule?.who }),
    }));
    return printJson({ id: idOf(identity), name: identity.name, roles });
  }
  printLine(`${identity.name} (${idOf(identity)})`);
  const rows = standings.map(({ name, standing }) => [
    formatNamespaceName(name),
    standing.role ?? "no role",
    standing.role === undefined ? "" : JSON.stringify(standing.rule?.who),
  ]);
  printLine(table(["NAMESPACE", "ROLE", "BY"], rows));
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

async function bearerOf(access: AccessFile, file: string): Promise<Identity> {
  if (access.provider === undefined)
    throw new CommandFailure("usage", "The access file names no provider: nobody comes with a token.");
  const said = claims.safeParse(payloadOf((await readText(file)).trim()));
  if (!said.success)
    throw new CommandFailure("usage", "It is no token, and no claims of one: JSON with a sub.");
  const { sub: subject, name } = said.data;
  const { issuer } = access.provider;
  return {
    issuer,
    subject,
    name: shownName(typeof name === "string" ? name : subject),
    ...vouchedClaims(access, said.data),
  };
}

function payloadOf(text: string): unknown {
  const [, payload] = text.split(".");
  const isToken = /^[-\w]+\.[-\w]+\.[-\w]*$/.test(text) && payload !== undefined;
  try {
    return JSON.parse(isToken ? Buffer.from(payload, "base64url").toString("utf8") : text);
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
