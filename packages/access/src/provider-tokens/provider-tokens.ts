import {
  decodeJwt,
  decodeProtectedHeader,
  errors,
  type JWTPayload,
  type JWTVerifyGetKey,
  type JWTVerifyOptions,
  jwtVerify,
} from "jose";
import { z } from "zod";
import type { Access } from "../configuration.ts";
import { type Identity, shownName } from "../identity.ts";
import { vouchedClaims } from "../vouched-claims.ts";
import { KeysAway } from "./provider-keys.ts";

export type Vouching =
  | {
      readonly type: "good";
      readonly identity: Identity;
      /** ms since 1970: from then on it is worth nothing. */
      readonly endsAt: number;
      /** When somebody signed in for it, or it was made where nobody did; ms since 1970, absent where it doesn't say. */
      readonly begunAt: number | undefined;
      /** Somebody signed in for it at the command line; any other may be a service's own. */
      readonly isPersons: boolean;
    }
  | { readonly type: "refused"; readonly why: string }
  /** Nobody can say just now. */
  | { readonly type: "unknown"; readonly why: string; readonly cause: unknown };

interface Parts {
  readonly access: Pick<Access, "roles" | "provider">;
  readonly findKey: JWTVerifyGetKey;
  /** ms since 1970 */
  readonly wallClock: () => number;
}

const text = z.string().min(1).max(500);
const names = z.object({
  name: text.optional().catch(undefined),
  preferred_username: text.optional().catch(undefined),
  email: text.optional().catch(undefined),
  client_id: text.optional().catch(undefined),
});
const required = z.object({ sub: z.string().min(1).max(1_000), exp: z.number() });
const time = z.number().optional().catch(undefined);
const times = z.object({ auth_time: time, iat: time });

/** Of access and ID tokens; a token of another kind (of a sign-out, of an event) is signed with the same keys. */
const kinds = [undefined, "jwt", "at+jwt", "application/at+jwt"];

/** Three parts with dots between them: no token of our own looks like that. */
export function isJwt(token: string): boolean {
  return /^[-\w]+\.[-\w]+\.[-\w]*$/.test(token);
}

/** How people are called, by what a provider says of them. */
export function calledBy(claims: Readonly<Record<string, unknown>>): string | undefined {
  const called = names.safeParse(claims).data;
  return called?.name ?? called?.preferred_username ?? called?.email ?? called?.client_id;
}

/** Tokens that the company's provider signed, which services and the command line ask with. */
export class ProviderTokens {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  async check(token: string): Promise<Vouching> {
    const { provider } = this.#parts.access;
    if (provider?.bearer === undefined)
      return refused(
        "No token of a provider is taken here: the access file says nothing of provider.bearer.",
      );
    const issuers = sameIssuer(provider.issuer);
    const { algorithms } = provider.bearer;
    try {
      const wrong = atFirstSight(token, issuers, algorithms);
      if (wrong !== undefined) return refused(wrong);
      const { payload } = await this.#verified(token, {
        issuer: issuers,
        audience: provider.bearer.audiences,
        algorithms: [...algorithms],
        clockTolerance: Math.ceil(provider.bearer.skew / 1_000),
        currentDate: new Date(this.#parts.wallClock()),
        requiredClaims: ["exp", "sub"],
      });
      return this.#good(payload, provider);
    } catch (error) {
      if (error instanceof KeysAway)
        return {
          type: "unknown",
          why: "The provider's keys can't be had just now, so the token can't be checked. Try again in a moment.",
          cause: error.cause,
        };
      return refused(sentence(error));
    }
  }

  #good(payload: JWTPayload, provider: NonNullable<Access["provider"]>): Vouching {
    const said = required.safeParse(payload);
    if (!said.success) return refused("This token doesn't say whose it is.");
    // Whoever has the token would have to show the key, too: taken without it, a stolen one would do.
    if (payload.cnf !== undefined)
      return refused("This token is bound to a key (cnf), which nobody checks here. Ask for one that isn't.");
    const { sub: subject, exp } = said.data;
    const name = shownName(calledBy(payload) ?? subject);
    return {
      type: "good",
      identity: { issuer: provider.issuer, subject, name, ...vouchedClaims(this.#parts.access, payload) },
      endsAt: exp * 1_000 + (provider.bearer?.skew ?? 0),
      begunAt: begunAt(payload),
      isPersons: isOfLogin(payload, provider),
    };
  }

  async #verified(token: string, options: JWTVerifyOptions) {
    try {
      return await jwtVerify(token, this.#parts.findKey, options);
    } catch (error) {
      if (!(error instanceof errors.JWKSMultipleMatchingKeys)) throw error;
      // It names none, and there are several of its kind.
      for await (const key of error)
        try {
          return await jwtVerify(token, key, options);
        } catch (each) {
          if (!(each instanceof errors.JWSSignatureVerificationFailed)) throw each;
        }
      throw new errors.JWSSignatureVerificationFailed();
    }
  }
}

/** One that came of a refresh token is made anew, and is as old as the sign-in that it renews. */
function begunAt(payload: JWTPayload): number | undefined {
  const { auth_time, iat } = times.parse(payload);
  const earliest = Math.min(auth_time ?? Number.POSITIVE_INFINITY, iat ?? Number.POSITIVE_INFINITY);
  return Number.isFinite(earliest) ? earliest * 1_000 : undefined;
}

/** Its client can't ask in a name of its own: it keeps no secret. Providers call it by different claims. */
function isOfLogin(payload: JWTPayload, { login }: NonNullable<Access["provider"]>): boolean {
  const clients = ["azp", "client_id", "cid", "appid"].flatMap((claim) => payload[claim] ?? []);
  if (login === undefined) return false;
  return clients.length > 0
    ? clients.every((client) => client === login.clientId)
    : payload.aud === login.clientId;
}

/** What can be said before anybody is asked for a key: nobody makes this server ask the provider with a token of somebody else's. */
function atFirstSight(
  token: string,
  issuers: readonly string[],
  algorithms: readonly string[],
): string | undefined {
  const { alg, typ } = decodeProtectedHeader(token);
  const { iss } = decodeJwt(token);
  if (alg === undefined || alg.toLowerCase() === "none" || token.endsWith("."))
    return "This token is not signed.";
  if (iss === undefined || !issuers.includes(iss))
    return "This token is of another issuer than the provider that is configured.";
  if (!algorithms.includes(alg)) return "This token is signed in a way that is not taken here (alg).";
  return kinds.includes(typ?.toLowerCase()) ? undefined : "This token is not one to ask with (typ).";
}

/** Providers write themselves with a slash at the end, or without. */
function sameIssuer(issuer: string): string[] {
  const plain = issuer.replace(/\/$/, "");
  return [plain, `${plain}/`];
}

const refused = (why: string): Vouching => ({ type: "refused", why });

function sentence(error: unknown): string {
  if (error instanceof errors.JWTExpired)
    return typeof error.payload.exp === "number"
      ? `This token was good until ${momentOf(error.payload.exp)}. Get another one.`
      : unreadable;
  if (error instanceof errors.JWTClaimValidationFailed) return ofClaim(error);
  if (error instanceof errors.JWKSNoMatchingKey)
    return "This token is signed with a key that the provider doesn't name.";
  if (error instanceof errors.JWSSignatureVerificationFailed)
    return "This token's signature is not the provider's.";
  return unreadable;
}

const unreadable = "This token can't be read: it is no signed JWT.";

function ofClaim({ claim, reason }: errors.JWTClaimValidationFailed): string {
  if (reason === "missing") return `This token lacks what it takes (${claim}).`;
  switch (claim) {
    case "iss":
      return "This token is of another issuer than the provider that is configured.";
    case "aud":
      return "This token is for another application than this Downbeat (aud).";
    case "nbf":
      return "This token is not good yet; if it should be, one of the two clocks is wrong.";
    default:
      return `This token can't be used (${claim}).`;
  }
}

/** Whoever made it may have written any number. */
function momentOf(seconds: number): string {
  const at = seconds * 1_000;
  return Math.abs(at) <= 8.64e15 ? new Date(at).toISOString() : String(seconds);
}
