import { askedTokenFile } from "@downbeat/wire";
import type { Shown } from "./sign-in.ts";
import { ownerOf } from "./tls.ts";
import { claimsOf } from "./web-token.ts";

/** What a broker says when it knows who asks, and that is not enough. */
const notPermitted =
  /unauthorized to|not authorized|not allowed|no permission|does(n't| not) have permission|require[sd]? (super ?user|admin)|super ?user/i;

/**
 * Why a cluster doesn't let this process in, in a sentence without a subject before it. A broker and its WebSocket proxy answer alike to no token, one that ended and one
 * that somebody made up ("Authentication required"): what was shown tells them apart.
 *
 * @param detail what the answer says, without its page around it
 */
export function refusalSentence(status: number, detail: string, shown: Shown, now: number): string {
  const file = askedTokenFile(detail);
  if (file !== undefined) return refusalOfEmbedded(file, shown);
  if (status === 403 || notPermitted.test(detail)) {
    const said = /unauthorized to|require/i.test(detail) ? ` (${detail})` : "";
    return `${knownAs(shown)} may not do that${said}. Have produce and consume in the namespace granted, for downbeat setup and doctor the tenant's admin role; or sign in as somebody who has them.`;
  }
  const { token, tls } = shown;
  if (token === undefined && tls.cert === undefined)
    return "the log asks who this is, and was shown nothing. Give a token (DOWNBEAT_PULSAR_TOKEN_FILE), a client certificate (DOWNBEAT_PULSAR_CERT_FILE) or an OAuth client (DOWNBEAT_PULSAR_OAUTH_ISSUER).";
  const { endsAt } = tls;
  if (token === undefined) {
    if (endsAt !== undefined && endsAt <= now)
      return `the client certificate of ${quoted(ownerOf(tls.cert ?? ""))} ended at ${time(endsAt)}. Put the next one into its file.`;
    return `the log doesn't take the client certificate of ${quoted(ownerOf(tls.cert ?? ""))}. It must take certificates to sign in with, at the address that was given, and know who signed this one.`;
  }
  const says = claimsOf(token);
  if (says === undefined)
    return "the log doesn't take the token, and it is no JSON Web Token, which is what Pulsar reads. Give one that was made for this cluster.";
  const ends = says.exp === undefined ? undefined : says.exp * 1_000;
  if (ends !== undefined && ends <= now)
    return `the token ended at ${time(ends)}. Give one that still holds; one in a file is read again.`;
  return "the log doesn't take the token: it was signed with a key that is not this cluster's, or changed since. Give one that was made for this cluster.";
}

function refusalOfEmbedded(file: string, { token }: Shown): string {
  return token === undefined
    ? `the log asks for its token, and was shown none. It is in ${file}, for the user who runs the log: name that file, or a copy for another user, with DOWNBEAT_PULSAR_TOKEN_FILE.`
    : `the log doesn't take the token that it was shown. Its own is in ${file}: name that file, or a copy for another user, with DOWNBEAT_PULSAR_TOKEN_FILE, and leave DOWNBEAT_PULSAR_TOKEN unset.`;
}

function knownAs({ token, tls }: Shown): string {
  const role = token === undefined ? undefined : claimsOf(token)?.sub;
  if (role !== undefined) return `the log knows the token, but ${quoted(role)}`;
  if (token === undefined && tls.cert !== undefined)
    return `the log knows the client certificate, but ${quoted(ownerOf(tls.cert))}`;
  return token === undefined ? "whoever does not sign in" : "the log knows the token, but its owner";
}

function quoted(name: string): string {
  return JSON.stringify(name.slice(0, 100));
}

function time(ms: number): string {
  return new Date(ms).toISOString();
}
