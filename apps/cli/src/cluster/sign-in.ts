import { type SignIn, type SignInVariables, signIn, signInVariables } from "@downbeat/protocol";
import { type Command, Option } from "commander";
import { z } from "zod";
import { CommandFailure } from "../failure.ts";
import { readableFile } from "../input/address.ts";
import { inheritedEnv } from "../start/env.ts";

/** What every command takes by which it signs in at a Pulsar cluster. Secrets are in no option: others can read a command line. */
export interface SignInOptions {
  readonly pulsarTokenFile?: string;
  readonly pulsarCa?: string;
  readonly pulsarCert?: string;
  readonly pulsarKey?: string;
  readonly pulsarOauthIssuer?: string;
  readonly pulsarOauthClientId?: string;
  readonly pulsarOauthKeyFile?: string;
  readonly pulsarOauthAudience?: string;
  readonly pulsarOauthScope?: string;
}

type Variable = keyof SignInVariables;

interface Known {
  readonly option: keyof SignInOptions;
  readonly flag: string;
  readonly help: string;
}

/** In the order of `--help`. */
const known: Readonly<Partial<Record<Variable, Known>>> = {
  DOWNBEAT_PULSAR_TOKEN_FILE: {
    option: "pulsarTokenFile",
    flag: "--pulsar-token-file <path>",
    help: "file with the cluster's token, read again for each session (or put the token itself into DOWNBEAT_PULSAR_TOKEN)",
  },
  DOWNBEAT_PULSAR_CA_FILE: {
    option: "pulsarCa",
    flag: "--pulsar-ca <path>",
    help: "certificate of the authority that signed the cluster's (PEM)",
  },
  DOWNBEAT_PULSAR_CERT_FILE: {
    option: "pulsarCert",
    flag: "--pulsar-cert <path>",
    help: "client certificate to sign in with (PEM)",
  },
  DOWNBEAT_PULSAR_KEY_FILE: {
    option: "pulsarKey",
    flag: "--pulsar-key <path>",
    help: "its private key (PEM)",
  },
  DOWNBEAT_PULSAR_OAUTH_ISSUER: {
    option: "pulsarOauthIssuer",
    flag: "--pulsar-oauth-issuer <url>",
    help: "who issues tokens to an OAuth client (its secret goes into DOWNBEAT_PULSAR_OAUTH_CLIENT_SECRET)",
  },
  DOWNBEAT_PULSAR_OAUTH_CLIENT_ID: {
    option: "pulsarOauthClientId",
    flag: "--pulsar-oauth-client-id <id>",
    help: "the client's id",
  },
  DOWNBEAT_PULSAR_OAUTH_KEY_FILE: {
    option: "pulsarOauthKeyFile",
    flag: "--pulsar-oauth-key-file <path>",
    help: "JSON file with the client's id and secret, in the format of Pulsar's own clients, instead of these two",
  },
  DOWNBEAT_PULSAR_OAUTH_AUDIENCE: {
    option: "pulsarOauthAudience",
    flag: "--pulsar-oauth-audience <name>",
    help: "audience of its tokens",
  },
  DOWNBEAT_PULSAR_OAUTH_SCOPE: {
    option: "pulsarOauthScope",
    flag: "--pulsar-oauth-scope <list>",
    help: "scopes of its tokens, separated by spaces",
  },
};

const each = Object.entries(known) as readonly [Variable, Known][];

export function withSignIn(command: Command): Command {
  for (const [variable, { flag, help }] of each) command.addOption(new Option(flag, help).env(variable));
  return command;
}

/**
 * The environment of a process that signs in as these options say.
 *
 * @throws CommandFailure that names the option or variable
 */
export function signInEnvironment(options: SignInOptions): Readonly<Record<string, string>> {
  const given = each.flatMap(([variable, { option, flag }]) => {
    const value = options[option];
    if (value === undefined || value === "") return [];
    const name = flag.split(" ")[0] ?? flag;
    return [[variable, flag.endsWith("<path>") ? readableFile(name, value) : value] as const];
  });
  return Object.fromEntries(given);
}

/**
 * How the options and, for secrets, this process's environment say to sign in.
 *
 * @param token goes before the environment's
 * @throws CommandFailure that names the option or variable
 */
export function signInOf(options: SignInOptions, token?: string): SignIn {
  const { DOWNBEAT_PULSAR_TOKEN, DOWNBEAT_PULSAR_OAUTH_CLIENT_SECRET } = inheritedEnv();
  const given = {
    ...nonEmpty({
      DOWNBEAT_PULSAR_TOKEN: token ?? DOWNBEAT_PULSAR_TOKEN,
      DOWNBEAT_PULSAR_OAUTH_CLIENT_SECRET,
    }),
    ...signInEnvironment(options),
  };
  const parsed = z.object(signInVariables).safeParse(given);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new CommandFailure("usage", `${nameOf(issue?.path[0])} can't be taken: ${issue?.message}.`);
  }
  try {
    return signIn(parsed.data);
  } catch (error) {
    throw error instanceof Error ? new CommandFailure("usage", error.message) : error;
  }
}

function nameOf(variable: PropertyKey | undefined): string {
  const found = each.find(([name]) => name === variable)?.[1].flag.split(" ")[0];
  return found === undefined ? String(variable) : `${found} (or ${String(variable)})`;
}

function nonEmpty(variables: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(variables).flatMap(([name, value]) =>
      value === undefined || value === "" ? [] : [[name, value]],
    ),
  );
}
