import { userInfo } from "node:os";
import {
  type AccessFile,
  changeTokens,
  idOf,
  idOfPerson,
  localIssuer,
  newToken,
  personPattern,
  place,
  readAccess,
  readAccounts,
  readTokens,
} from "@downbeat/access";
import { type Role, roles } from "@downbeat/api/policy";
import { durationText, longestTokenMs, tokenName } from "@downbeat/protocol";
import { Command, InvalidArgumentError, Option } from "commander";
import { CommandFailure } from "../failure.ts";
import { printJson, printLine, printNote } from "../output/print.ts";
import { table } from "../output/table.ts";
import { type AccessOptions, orFailure, withAccess } from "../users/access-option.ts";

export function tokensCommand(): Command {
  return new Command("tokens")
    .description("Tokens that services, scripts and this command line use where people sign in")
    .addCommand(addTokenCommand())
    .addCommand(
      withAccess(
        new Command("list").description("List every token, what it allows and until when; never its text"),
      )
        .option("--json", "print the answer as JSON", false)
        .action(listTokens),
    )
    .addCommand(
      withAccess(
        new Command("withdraw")
          .description("Withdraw a token: it is invalid within a second")
          .argument("<id>", "its id in tokens list"),
      ).action(withdrawToken),
    );
}

interface AddOptions extends AccessOptions {
  readonly role: Role;
  readonly in: readonly string[];
  readonly expires: string;
  readonly for?: string;
}

function addTokenCommand(): Command {
  return withAccess(
    new Command("add")
      .description("Create a token and print it once; it is stored nowhere")
      .argument("<name>", "what it is for, as shown in history")
      .addOption(new Option("--role <role>", "what it allows").choices([...roles]).makeOptionMandatory())
      .option(
        "--in <namespace>",
        "where it is valid: acme/orders, acme/* or *, and more than one; by default everywhere",
        alsoIn,
        [],
      )
      .option(
        "--for <person>",
        "whose token it is, by the id that pages show (local|ada): it can then request and approve actions that need a second person",
      )
      .option("--expires <duration>", "how long it is valid, at most a year", "90d"),
  ).action(addToken);
}

function alsoIn(text: string, known: readonly string[]): readonly string[] {
  const parsed = place.safeParse(text);
  if (!parsed.success) throw new InvalidArgumentError(`${parsed.error.issues[0]?.message}.`);
  return [...known, text];
}

function addToken(name: string, { role, in: places, expires, access, for: person }: AddOptions): void {
  const parsedName = tokenName.safeParse(name);
  if (!parsedName.success)
    throw new CommandFailure("usage", `${name} can't be a name: ${parsedName.error.issues[0]?.message}.`);
  const lasts = durationText.safeParse(expires);
  if (!lasts.success || lasts.data > longestTokenMs)
    throw new CommandFailure("usage", "--expires takes a duration such as 90d, a year (366d) at most.");
  const configured = orFailure(() => readAccess(access));
  const whose = person === undefined ? undefined : orFailure(() => knownPerson(person, configured));
  const madeAt = Date.now();
  const where = places.length === 0 ? ["*"] : [...new Set(places)];
  const { text, token } = newToken({
    name,
    ...(whose !== undefined && { person: whose }),
    role,
    in: where,
    madeAt,
    endsAt: madeAt + lasts.data,
    madeBy: `${userInfo().username} (downbeat tokens)`,
  });
  orFailure(() => changeTokens(configured.tokensFile, (all) => [...all, token]));
  printLine(text);
  printNote(
    `${name} may ask as ${role} in ${where.join(", ")} until ${new Date(token.endsAt).toISOString()}. Nobody can show the token again.`,
  );
}

/**
 * Whose approval counts is somebody who can come in here.
 *
 * @returns their id, as servers know them
 * @throws CommandFailure
 */
function knownPerson(written: string, { accountsFile, provider }: AccessFile): string {
  if (!personPattern.test(written))
    throw new CommandFailure("usage", "--for takes a person's id, such as local|ada.");
  const id = idOfPerson(written);
  const [issuer = "", name = ""] = id.split("|");
  if (issuer !== localIssuer) {
    if (issuer === provider?.issuer) return id;
    throw new CommandFailure(
      "usage",
      `Nobody whom ${issuer} vouches for comes in here: --for takes ${[localIssuer, ...(provider === undefined ? [] : [provider.issuer])].map((each) => `${each}|…`).join(" or ")}.`,
    );
  }
  const accounts = accountsFile === undefined ? [] : readAccounts(accountsFile);
  if (accounts.some((account) => idOf({ issuer, subject: account.name }) === id)) return id;
  throw new CommandFailure(
    "usage",
    `There is no account ${name} to make a token for; downbeat users list shows those that there are.`,
  );
}

function listTokens({ access, json }: AccessOptions & { readonly json: boolean }): void {
  const { tokensFile } = orFailure(() => readAccess(access));
  const tokens = orFailure(() => readTokens(tokensFile)).map(({ hash: _, ...shown }) => shown);
  if (json) return printJson({ tokens });
  if (tokens.length === 0) return printLine("No tokens yet: downbeat tokens add <name> --role <role>.");
  const rows = tokens.map(({ id, name, person = "", role, in: places, endsAt }) => [
    id,
    name,
    person,
    role,
    places.join(", "),
    endsAt <= Date.now() ? "over" : `until ${new Date(endsAt).toISOString()}`,
  ]);
  printLine(table(["ID", "NAME", "FOR", "ROLE", "IN", ""], rows));
}

function withdrawToken(id: string, { access }: AccessOptions): void {
  const { tokensFile } = orFailure(() => readAccess(access));
  orFailure(() =>
    changeTokens(tokensFile, (all) => {
      const rest = all.filter((token) => token.id !== id);
      if (rest.length < all.length) return rest;
      throw new CommandFailure(
        "notFound",
        `There is no token ${id}; downbeat tokens list shows those that there are.`,
      );
    }),
  );
  printLine(`${id} is withdrawn.`);
}
