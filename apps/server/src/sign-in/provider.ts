import { readFileSync } from "node:fs";
import { type AccessFile, calledBy } from "@downbeat/access";
import * as oidc from "openid-client";

type ProviderSettings = NonNullable<AccessFile["provider"]>;

/** What is kept in the browser, sealed, while somebody is at the provider. */
export interface Errand {
  readonly state: string;
  readonly nonce: string;
  /** PKCE: who asks for the code is who takes it. */
  readonly verifier: string;
  /** Where they were going. */
  readonly to: string;
}

export interface Vouched {
  /** As the access file writes it. */
  readonly issuer: string;
  readonly subject: string;
  readonly name: string;
  readonly claims: Readonly<Record<string, unknown>>;
}

/** Why nobody is let in, in a sentence for them; the cause is for the log. */
export class NotVouched extends Error {
  override readonly name = "NotVouched";
}

const withinSeconds = 10;
/** What the provider says of itself is asked again after so long: its addresses may change. */
const knownForMs = 60 * 60_000;

/** The company's own sign-in, by OpenID Connect: authorisation code with PKCE, state and nonce, and a token that is signed. */
export class Provider {
  readonly #settings: ProviderSettings;
  readonly #callback: string;
  readonly #now: () => number;
  #known: { readonly config: Promise<oidc.Configuration>; readonly at: number } | undefined;

  /** @param now ms, of any beginning */
  constructor(settings: ProviderSettings, callback: string, now: () => number) {
    this.#settings = settings;
    this.#callback = callback;
    this.#now = now;
  }

  get name(): string {
    return this.#settings.name;
  }

  /**
   * @param isAgain whoever is signed in there is asked again who they are
   * @throws NotVouched when the provider can't be asked
   */
  async begin(to: string, isAgain: boolean): Promise<{ readonly url: URL; readonly errand: Errand }> {
    const config = await this.#configuration();
    const errand = {
      state: oidc.randomState(),
      nonce: oidc.randomNonce(),
      verifier: oidc.randomPKCECodeVerifier(),
      to,
    };
    const url = oidc.buildAuthorizationUrl(config, {
      redirect_uri: this.#callback,
      scope: this.#settings.scope,
      code_challenge: await oidc.calculatePKCECodeChallenge(errand.verifier),
      code_challenge_method: "S256",
      state: errand.state,
      nonce: errand.nonce,
      ...(isAgain && { prompt: "login" }),
    });
    return { url, errand };
  }

  /**
   * @param query of the address to which the provider sent somebody back
   * @throws NotVouched
   */
  async end(query: string, { state, nonce, verifier }: Errand): Promise<Vouched> {
    const config = await this.#configuration();
    const back = new URL(this.#callback);
    back.search = query;
    try {
      const answer = await oidc.authorizationCodeGrant(config, back, {
        expectedState: state,
        expectedNonce: nonce,
        pkceCodeVerifier: verifier,
        idTokenExpected: true,
      });
      const claims = answer.claims();
      if (claims === undefined) throw new NotVouched("The provider sent no word of who you are.");
      const name = calledBy(claims) ?? claims.sub;
      // As it is configured: what it says itself was compared with that, but for a slash at the end.
      return { issuer: this.#settings.issuer, subject: claims.sub, name, claims };
    } catch (error) {
      throw error instanceof NotVouched ? error : new NotVouched(sentence(error), { cause: error });
    }
  }

  /** Where somebody signs out at the provider too; `undefined` where it has no such page, or can't be asked. */
  async signOutUrl(leadBack: string): Promise<URL | undefined> {
    try {
      const config = await this.#configuration();
      return oidc.buildEndSessionUrl(config, { post_logout_redirect_uri: leadBack });
    } catch {
      return undefined;
    }
  }

  /**
   * Where it tells the keys that it signs with.
   *
   * @throws NotVouched when the provider can't be asked
   */
  async keysAddress(): Promise<string> {
    const { jwks_uri } = (await this.#configuration()).serverMetadata();
    if (jwks_uri === undefined) throw new NotVouched("The provider tells nobody its keys.");
    return jwks_uri;
  }

  async #configuration(): Promise<oidc.Configuration> {
    if (this.#known === undefined || this.#now() - this.#known.at > knownForMs)
      this.#known = { config: this.#discover(), at: this.#now() };
    const { config } = this.#known;
    try {
      return await config;
    } catch (error) {
      // Asked again by whoever comes next.
      if (this.#known?.config === config) this.#known = undefined;
      throw new NotVouched("The provider can't be reached just now. Try again in a moment.", {
        cause: error,
      });
    }
  }

  async #discover(): Promise<oidc.Configuration> {
    const { issuer, clientId, clientSecretFile } = this.#settings;
    const secret = clientSecretFile === undefined ? undefined : readFileSync(clientSecretFile, "utf8").trim();
    const auth = secret === undefined ? oidc.None() : oidc.ClientSecretPost(secret);
    const url = new URL(issuer);
    // Only of this machine: the access file takes no other without TLS.
    const insecure = url.protocol === "http:" ? [oidc.allowInsecureRequests] : [];
    return oidc.discovery(url, clientId, { token_endpoint_auth_method: undefined }, auth, {
      // The token comes from the provider itself over TLS; its signature is checked all the same.
      execute: [oidc.enableNonRepudiationChecks, ...insecure],
      timeout: withinSeconds,
    });
  }
}

function sentence(error: unknown): string {
  if (error instanceof oidc.AuthorizationResponseError)
    return error.error === "access_denied"
      ? "You were not let in at the provider."
      : "The provider aborted the sign-in. Start again.";
  if (error instanceof oidc.ResponseBodyError)
    return error.error === "invalid_grant"
      ? "The provider no longer accepts this sign-in: it was used before, or took too long. Start again."
      : "The provider refuses this server. Ask your Downbeat administrators to check the client's settings.";
  if (!(error instanceof oidc.ClientError))
    return "The provider can't be reached just now. Try again in a moment.";
  const what = about(error);
  for (const [pattern, said] of sentences) if (pattern.test(what)) return said;
  return "The provider’s answer about you can't be verified, so you are not signed in.";
}

const sentences: readonly (readonly [RegExp, string])[] = [
  [/"state"/, "This sign-in was started elsewhere. Start again."],
  [/"iss"|issuer/, "The provider speaks for another issuer than the one that is configured."],
  [/"aud"|"azp"/, "The provider’s answer is for another application."],
  [/"nonce"/, "The provider’s answer does not belong to this sign-in. Start again."],
  [
    /timestamp|"exp"|"iat"|"nbf"/,
    "The provider’s answer is out of date. Start again; if this repeats, one of the two clocks is wrong.",
  ],
  [/signature|"alg"|key|JWS/i, "The provider did not sign its answer."],
];

/** All that is said of an error on its way: libraries wrap. */
function about(error: unknown, depth = 0): string {
  if (!(error instanceof Error) || depth > 4) return "";
  return `${error.message} ${about(error.cause, depth + 1)}`;
}
