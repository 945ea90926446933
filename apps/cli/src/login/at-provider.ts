import { isLoopbackName } from "@downbeat/access";
import { decodeJwt } from "jose";
import * as oidc from "openid-client";
import { CommandFailure } from "../failure.ts";
import type { Login } from "./logins.ts";

/** How a server has the command line sign people in. */
export type Way = Pick<Login, "issuer" | "clientId" | "sends"> & { readonly scope: string };

export type Granted = Pick<Login, "token" | "endsAt" | "refreshToken"> & {
  /** What the provider says of who signed in. */
  readonly claims: Readonly<Record<string, unknown>>;
};

export interface Code {
  readonly code: string;
  /** Where it is typed. */
  readonly address: string;
  /** The same with the code in it, where the provider has such a one. */
  readonly wholeAddress: string | undefined;
  readonly expiresInSeconds: number;
}

const withinSeconds = 10;

/** The provider takes the refresh token no more. */
export class LoginOver extends Error {
  override readonly name = "LoginOver";
}

/**
 * Signs somebody in who has a browser, here or anywhere.
 *
 * @param show the code that they type there
 * @throws CommandFailure
 */
export async function signInByDevice(way: Way, show: (code: Code) => void): Promise<Granted> {
  const config = await discover(way);
  if (config.serverMetadata().device_authorization_endpoint === undefined)
    throw new CommandFailure(
      "usage",
      `${way.issuer} knows no device flow, so nobody can sign in from the command line. Ask with a token instead.`,
    );
  const begun = await oidc
    .initiateDeviceAuthorization(config, { scope: way.scope })
    .catch((error: unknown) => Promise.reject(failureOf(error, way)));
  const endsAt = Date.now() + begun.expires_in * 1_000;
  show({
    code: begun.user_code,
    address: begun.verification_uri,
    wholeAddress: begun.verification_uri_complete,
    expiresInSeconds: begun.expires_in,
  });
  try {
    return granted(await oidc.pollDeviceAuthorizationGrant(config, begun), way);
  } catch (error) {
    if (error instanceof CommandFailure) throw error;
    if (Date.now() >= endsAt - 1_000) throw ranOut();
    throw failureOf(error, way);
  }
}

/**
 * The same sign-in for a while longer.
 *
 * @throws LoginOver; CommandFailure when the provider can't be asked, or does not answer as it should
 */
export async function renew(way: Omit<Way, "scope">, refreshToken: string): Promise<Granted> {
  const config = await discover(way);
  try {
    // Who rotates them sends another one; who doesn't lets this one stand.
    return { refreshToken, ...granted(await oidc.refreshTokenGrant(config, refreshToken), way) };
  } catch (error) {
    if (error instanceof oidc.ResponseBodyError && error.error === "invalid_grant")
      throw new LoginOver("The sign-in is over.", { cause: error });
    throw error instanceof CommandFailure ? error : failureOf(error, way);
  }
}

/** @returns whether the provider has ended it, too */
export async function revoke(way: Omit<Way, "scope">, refreshToken: string): Promise<boolean> {
  try {
    const config = await discover(way);
    if (config.serverMetadata().revocation_endpoint === undefined) return false;
    await oidc.tokenRevocation(config, refreshToken, { token_type_hint: "refresh_token" });
    return true;
  } catch {
    return false;
  }
}

/** @throws CommandFailure when the provider can't be asked */
export async function discover({
  issuer,
  clientId,
}: Pick<Way, "issuer" | "clientId">): Promise<oidc.Configuration> {
  const url = new URL(issuer);
  const isOwnMachine = url.protocol === "http:" && isLoopbackName(url.hostname);
  try {
    return await oidc.discovery(url, clientId, { token_endpoint_auth_method: undefined }, oidc.None(), {
      timeout: withinSeconds,
      ...(isOwnMachine && { execute: [oidc.allowInsecureRequests] }),
    });
  } catch (error) {
    throw failureOf(error, { issuer, clientId });
  }
}

function granted(
  answer: oidc.TokenEndpointResponse & oidc.TokenEndpointResponseHelpers,
  { sends, issuer }: Omit<Way, "scope">,
): Granted {
  const token = sends === "idToken" ? answer.id_token : answer.access_token;
  if (token === undefined)
    throw new CommandFailure("failed", `${issuer} gave no ID token, which the server asks for.`);
  const claims: Readonly<Record<string, unknown>> = { ...claimsOf(token), ...answer.claims() };
  const { exp } = claimsOf(token);
  const expiresIn = sends === "accessToken" ? answer.expiresIn() : undefined;
  const endsAt =
    expiresIn !== undefined
      ? Date.now() + expiresIn * 1_000
      : typeof exp === "number" && Number.isSafeInteger(exp * 1_000)
        ? exp * 1_000
        : undefined;
  return {
    token,
    claims,
    ...(endsAt !== undefined && { endsAt }),
    ...(answer.refresh_token !== undefined && { refreshToken: answer.refresh_token }),
  };
}

/** Nothing of a token that only its provider can read. */
function claimsOf(token: string): Readonly<Record<string, unknown>> {
  try {
    return decodeJwt(token);
  } catch {
    return {};
  }
}

const ranOut = (): CommandFailure =>
  new CommandFailure(
    "refused",
    "The code has run out before anybody let you in with it. Give the command again.",
  );

function failureOf(error: unknown, { issuer, clientId }: Pick<Way, "issuer" | "clientId">): CommandFailure {
  if (error instanceof oidc.ResponseBodyError)
    switch (error.error) {
      case "access_denied":
        return new CommandFailure("refused", "You were not let in at the provider.");
      case "expired_token":
        return ranOut();
      default:
        return new CommandFailure(
          "refused",
          `${issuer} doesn't sign the command line in (${error.error}). Its administrators must allow the device flow for the client ${clientId}.`,
        );
    }
  const said = error instanceof Error ? error.message : String(error);
  return new CommandFailure("unreachable", `The provider at ${issuer} can't be asked just now: ${said}.`);
}
