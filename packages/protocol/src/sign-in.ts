import { z } from "zod";

const file = z.string().min(1).optional();

const issuer = z.url({ protocol: /^https?$/ }).refine((text) => {
  const url = URL.parse(text);
  // What is no address at all is said already.
  if (url === null) return true;
  const { protocol, hostname, username, password, search } = url;
  const isHere = ["localhost", "127.0.0.1", "[::1]"].includes(hostname);
  return (protocol === "https:" || isHere) && username === "" && password === "" && search === "";
}, "an https:// address without a user, a password or anything after a question mark (http:// on this machine only)");

/** The environment variables by which a process is told how to show a Pulsar cluster who it is. */
export const signInVariables = {
  /** Sent with every request and session. */
  DOWNBEAT_PULSAR_TOKEN: z
    .string()
    .regex(/^[\x21-\x7e]+$/, "a token without spaces and line breaks")
    .optional(),
  /** File with the token, read again for each session; goes before DOWNBEAT_PULSAR_TOKEN. */
  DOWNBEAT_PULSAR_TOKEN_FILE: file,
  /** File with the certificate of the authority that signed the cluster's, PEM. */
  DOWNBEAT_PULSAR_CA_FILE: file,
  /** Files with a client certificate and its private key, PEM, read again for each session. */
  DOWNBEAT_PULSAR_CERT_FILE: file,
  DOWNBEAT_PULSAR_KEY_FILE: file,
  /** Who issues tokens by OAuth 2.0's client credentials. */
  DOWNBEAT_PULSAR_OAUTH_ISSUER: issuer.optional(),
  DOWNBEAT_PULSAR_OAUTH_CLIENT_ID: z.string().min(1).optional(),
  DOWNBEAT_PULSAR_OAUTH_CLIENT_SECRET: z.string().min(1).optional(),
  /** JSON with `client_id`, `client_secret` and perhaps `issuer_url`, in place of the two. */
  DOWNBEAT_PULSAR_OAUTH_KEY_FILE: file,
  DOWNBEAT_PULSAR_OAUTH_AUDIENCE: z.string().min(1).optional(),
  DOWNBEAT_PULSAR_OAUTH_SCOPE: z.string().min(1).optional(),
} as const;

export type SignInVariables = z.output<z.ZodObject<typeof signInVariables>>;

/** As the Pulsar adapter takes it. */
export interface SignIn {
  readonly token?: string;
  readonly tokenFile?: string;
  readonly caFile?: string;
  readonly certFile?: string;
  readonly keyFile?: string;
  readonly oauth?: OAuthClient;
}

interface OAuthClient {
  readonly issuer?: string;
  readonly clientId?: string;
  readonly clientSecret?: string;
  readonly keyFile?: string;
  readonly audience?: string;
  readonly scope?: string;
}

/** @throws Error with one sentence when the variables contradict each other, or one lacks another */
export function signIn(env: SignInVariables): SignIn {
  const oauth = oauthClient(env);
  const { DOWNBEAT_PULSAR_TOKEN: token, DOWNBEAT_PULSAR_TOKEN_FILE: tokenFile } = env;
  if (oauth !== undefined && (token ?? tokenFile) !== undefined)
    throw new Error(
      "A token is given (DOWNBEAT_PULSAR_TOKEN or DOWNBEAT_PULSAR_TOKEN_FILE), and an OAuth client that is to get one (DOWNBEAT_PULSAR_OAUTH_…): give one of them.",
    );
  const { DOWNBEAT_PULSAR_CERT_FILE: certFile, DOWNBEAT_PULSAR_KEY_FILE: keyFile } = env;
  if ((certFile === undefined) !== (keyFile === undefined))
    throw new Error(
      `DOWNBEAT_PULSAR_${certFile === undefined ? "CERT" : "KEY"}_FILE is missing: a client certificate and its private key belong together.`,
    );
  return {
    ...(token !== undefined && { token }),
    ...(tokenFile !== undefined && { tokenFile }),
    ...(env.DOWNBEAT_PULSAR_CA_FILE !== undefined && { caFile: env.DOWNBEAT_PULSAR_CA_FILE }),
    ...(certFile !== undefined && { certFile }),
    ...(keyFile !== undefined && { keyFile }),
    ...(oauth !== undefined && { oauth }),
  };
}

function oauthClient(env: SignInVariables): OAuthClient | undefined {
  const {
    DOWNBEAT_PULSAR_OAUTH_ISSUER: issuer,
    DOWNBEAT_PULSAR_OAUTH_CLIENT_ID: clientId,
    DOWNBEAT_PULSAR_OAUTH_CLIENT_SECRET: clientSecret,
    DOWNBEAT_PULSAR_OAUTH_KEY_FILE: keyFile,
    DOWNBEAT_PULSAR_OAUTH_AUDIENCE: audience,
    DOWNBEAT_PULSAR_OAUTH_SCOPE: scope,
  } = env;
  if ([issuer, clientId, clientSecret, keyFile, audience, scope].every((one) => one === undefined))
    return undefined;
  const lacks = lackOf({ issuer, clientId, clientSecret, keyFile });
  if (lacks !== undefined) throw new Error(`An OAuth client ${lacks}.`);
  return {
    ...(issuer !== undefined && { issuer }),
    ...(clientId !== undefined && { clientId }),
    ...(clientSecret !== undefined && { clientSecret }),
    ...(keyFile !== undefined && { keyFile }),
    ...(audience !== undefined && { audience }),
    ...(scope !== undefined && { scope }),
  };
}

type Given = Record<"issuer" | "clientId" | "clientSecret" | "keyFile", string | undefined>;

function lackOf({ issuer, clientId, clientSecret, keyFile }: Given): string | undefined {
  const hasOwn = clientId !== undefined || clientSecret !== undefined;
  if (keyFile !== undefined)
    return hasOwn
      ? "has its id and secret from DOWNBEAT_PULSAR_OAUTH_KEY_FILE or from DOWNBEAT_PULSAR_OAUTH_CLIENT_ID and DOWNBEAT_PULSAR_OAUTH_CLIENT_SECRET: give one of them"
      : undefined;
  const missing = [
    issuer === undefined && "DOWNBEAT_PULSAR_OAUTH_ISSUER",
    clientId === undefined && "DOWNBEAT_PULSAR_OAUTH_CLIENT_ID",
    clientSecret === undefined && "DOWNBEAT_PULSAR_OAUTH_CLIENT_SECRET",
  ].filter((name) => name !== false);
  if (missing.length === 0) return undefined;
  const instead =
    clientId === undefined || clientSecret === undefined ? ", or DOWNBEAT_PULSAR_OAUTH_KEY_FILE" : "";
  return `needs ${missing.join(" and ")}${instead}`;
}
