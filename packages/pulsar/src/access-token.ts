import { readFile } from "node:fs/promises";
import { LogError } from "@downbeat/message-log";
import {
  type AuthorizationServer,
  allowInsecureRequests,
  ClientSecretBasic,
  ClientSecretPost,
  clientCredentialsGrantRequest,
  discoveryRequest,
  processClientCredentialsResponse,
  processDiscoveryResponse,
  ResponseBodyError,
} from "oauth4webapi";
import { z } from "zod";
import { expiryOf } from "./web-token.ts";

/** OAuth 2.0's client credentials (RFC 6749, section 4.4): the issuer gives tokens to whoever shows the client's id and secret. */
export interface OAuthOptions {
  /** Its address, under which it describes itself (`/.well-known/openid-configuration`). Not needed when the key file has it. */
  readonly issuer?: string;
  readonly clientId?: string;
  readonly clientSecret?: string;
  /** JSON with `client_id`, `client_secret` and perhaps `issuer_url`, as Pulsar's own clients take it; in place of these. Read again for each token. */
  readonly keyFile?: string;
  readonly audience?: string;
  readonly scope?: string;
}

export interface AccessToken {
  readonly token: string;
  /** ms since the epoch */
  readonly expiresAt: number | undefined;
}

const withinMs = 15_000;
/** Of a token's time; then the next one is asked for, and this one still holds for a while. */
const renewedAfter = 0.7;
/** One that doesn't say when it ends. */
const unknownLifeMs = 300_000;
const firstPauseMs = 500;
const longestPauseMs = 30_000;

const keyFileContent = z.object({
  client_id: z.string().min(1),
  client_secret: z.string().min(1),
  issuer_url: z.url().optional(),
});

const sources = new Map<string, TokenSource>();

/**
 * The token that holds now. One for all sessions of this process with the same options, renewed before it ends.
 *
 * @throws LogError `unauthorized`, which says why there is none
 */
export function accessToken(options: OAuthOptions): Promise<AccessToken> {
  const key = JSON.stringify(Object.entries(options).toSorted());
  let source = sources.get(key);
  if (source === undefined) {
    source = new TokenSource(options);
    sources.set(key, source);
  }
  return source.current();
}

export class TokenSource {
  readonly #options: OAuthOptions;
  readonly #now: () => number;
  #server: AuthorizationServer | undefined;
  #token: (AccessToken & { readonly renewAt: number }) | undefined;
  #asking: Promise<AccessToken> | undefined;
  #failures = 0;
  #refusal: { readonly error: LogError; readonly until: number } | undefined;

  constructor(options: OAuthOptions, now: () => number = Date.now) {
    this.#options = options;
    this.#now = now;
  }

  async current(): Promise<AccessToken> {
    const held = this.#token;
    if (held !== undefined && this.#now() < held.renewAt) return held;
    try {
      return await this.#next();
    } catch (error) {
      // It still holds: what is wrong is said when it doesn't.
      if (held?.expiresAt !== undefined && this.#now() < held.expiresAt) return held;
      throw error;
    }
  }

  /** Sessions that open together share one request; after one that failed, the issuer is left alone for a while. */
  #next(): Promise<AccessToken> {
    const refusal = this.#refusal;
    if (refusal !== undefined && this.#now() < refusal.until) return Promise.reject(refusal.error);
    this.#asking ??= this.#ask().finally(() => {
      this.#asking = undefined;
    });
    return this.#asking;
  }

  async #ask(): Promise<AccessToken> {
    try {
      const now = this.#now();
      const { token, seconds } = await this.#granted();
      const expiresAt = seconds === undefined ? expiryOf(token) : now + seconds * 1_000;
      const lifeMs = expiresAt === undefined ? unknownLifeMs : Math.max(0, expiresAt - now);
      this.#token = { token, expiresAt, renewAt: now + lifeMs * renewedAfter };
      this.#failures = 0;
      this.#refusal = undefined;
      return this.#token;
    } catch (error) {
      const said = error instanceof LogError ? error : failed(String(error), error);
      const pauseMs = Math.min(longestPauseMs, firstPauseMs * 2 ** Math.min(this.#failures, 10));
      this.#failures += 1;
      this.#refusal = { error: said, until: this.#now() + pauseMs };
      this.#server = undefined;
      throw said;
    }
  }

  async #granted(): Promise<{ readonly token: string; readonly seconds: number | undefined }> {
    const { issuer, clientId, clientSecret } = await client(this.#options);
    const { audience, scope } = this.#options;
    const options = requestOptions(issuer);
    this.#server ??= await this.#discovered(issuer);
    const server = this.#server;
    const methods = server.token_endpoint_auth_methods_supported;
    const isPostOnly =
      methods?.includes("client_secret_post") === true && !methods.includes("client_secret_basic");
    const prove = isPostOnly ? ClientSecretPost(clientSecret) : ClientSecretBasic(clientSecret);
    const parameters = { ...(audience !== undefined && { audience }), ...(scope !== undefined && { scope }) };
    const asked = { client_id: clientId };
    const response = await clientCredentialsGrantRequest(server, asked, prove, parameters, options).catch(
      (cause: unknown) => {
        throw unreachable(issuer, cause);
      },
    );
    const status = response.status;
    const answer = await processClientCredentialsResponse(server, asked, response).catch((cause: unknown) => {
      throw refused(issuer, clientId, status, cause);
    });
    return { token: answer.access_token, seconds: answer.expires_in };
  }

  async #discovered(issuer: URL): Promise<AuthorizationServer> {
    const response = await discoveryRequest(issuer, requestOptions(issuer)).catch((cause: unknown) => {
      throw unreachable(issuer, cause);
    });
    const { status } = response;
    const server = await processDiscoveryResponse(issuer, response).catch((cause: unknown) => {
      throw failed(
        `The issuer of tokens at ${issuer.href} does not describe itself as one (status ${status} for ${wellKnown(issuer)}): is that its address (DOWNBEAT_PULSAR_OAUTH_ISSUER)?`,
        cause,
      );
    });
    if (server.token_endpoint !== undefined) return server;
    throw failed(`The issuer of tokens at ${issuer.href} names no place that gives tokens (token_endpoint).`);
  }
}

interface Client {
  readonly issuer: URL;
  readonly clientId: string;
  readonly clientSecret: string;
}

async function client({ issuer, clientId, clientSecret, keyFile }: OAuthOptions): Promise<Client> {
  const key = keyFile === undefined ? undefined : await readKeyFile(keyFile);
  const id = key?.client_id ?? clientId;
  const secret = key?.client_secret ?? clientSecret;
  const address = issuer ?? key?.issuer_url;
  if (id === undefined || secret === undefined)
    throw failed("To ask for tokens takes a client's id and secret, or a key file with both.");
  if (address === undefined)
    throw failed(
      `Who issues tokens is said neither by DOWNBEAT_PULSAR_OAUTH_ISSUER nor in the key file ${keyFile} (issuer_url).`,
    );
  return { issuer: new URL(address), clientId: id, clientSecret: secret };
}

async function readKeyFile(file: string): Promise<z.output<typeof keyFileContent>> {
  const text = await readFile(file, "utf8").catch((cause: NodeJS.ErrnoException) => {
    throw failed(`The key file ${file} can't be read (${cause.code ?? cause.message}).`, cause);
  });
  const parsed = keyFileContent.safeParse(json(text));
  if (parsed.success) return parsed.data;
  // Without what it holds.
  throw failed(`The key file ${file} is no JSON with client_id and client_secret.`);
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function requestOptions(issuer: URL): {
  readonly signal: () => AbortSignal;
  readonly [allowInsecureRequests]: boolean;
} {
  return { signal: () => AbortSignal.timeout(withinMs), [allowInsecureRequests]: isHere(issuer) };
}

/** A secret goes over plain HTTP to this machine only. */
function isHere({ hostname }: URL): boolean {
  return ["localhost", "127.0.0.1", "[::1]"].includes(hostname);
}

function wellKnown(issuer: URL): string {
  return `${issuer.href.replace(/\/$/, "")}/.well-known/openid-configuration`;
}

function unreachable(issuer: URL, cause: unknown): LogError {
  return failed(`The issuer of tokens at ${issuer.href} can't be reached (${whyUnreachable(cause)}).`, cause);
}

/** fetch() says "fetch failed"; what failed is in the cause. */
function whyUnreachable(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.name === "TimeoutError") return `no answer in ${withinMs / 1_000} s`;
  const inner = error.cause instanceof Error ? error.cause : error;
  return inner.message !== "" ? inner.message : "code" in inner ? String(inner.code) : inner.name;
}

function refused(issuer: URL, clientId: string, status: number, cause: unknown): LogError {
  const who = `The issuer of tokens at ${issuer.href}`;
  if (cause instanceof ResponseBodyError) {
    const detail =
      cause.error_description === undefined ? cause.error : `${cause.error}: ${cause.error_description}`;
    const isClient = cause.error === "invalid_client" || status === 401;
    return failed(
      `${who} gives the client ${JSON.stringify(clientId)} no token (${detail.slice(0, 200)}): are ${isClient ? "id and secret" : "audience and scope"} right?`,
      cause,
    );
  }
  return failed(
    status === 200
      ? `${who} answered with no token that can be used.`
      : `${who} gives the client ${JSON.stringify(clientId)} no token (status ${status}).`,
    cause,
  );
}

/** Whatever the reason: without a token nobody can sign in. */
function failed(sentence: string, cause?: unknown): LogError {
  return new LogError("unauthorized", sentence, { cause });
}
