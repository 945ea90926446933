import { validateHeaderName, validateHeaderValue } from "node:http";
import { boundedText } from "../thrown/bounded-text.ts";
import { field } from "../thrown/careful.ts";
import { Secrets } from "./secrets.ts";

/** Where a job's attempts are sent, and what goes with each of them. */
export interface Service {
  readonly url: URL;
  /** By their names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** As people may see it: without a user, a password or a query. */
  readonly shown: string;
  readonly secrets: Secrets;
}

/** Set for each attempt, or by HTTP itself. */
const ours =
  /^(?:content-(?:type|length|encoding)|transfer-encoding|connection|host|expect|idempotency-key|downbeat-.*)$/;
/** Whose values anybody may see. */
const open: readonly string[] = ["accept", "accept-language", "user-agent"];

/** @throws RangeError or TypeError that names what is wrong, and shows nothing that may be secret */
export function serviceOf(
  what: string,
  given: { readonly url?: unknown; readonly headers?: unknown },
): Service {
  const refuse = (problem: string): never => {
    throw new TypeError(`The options of ${what} can't be taken. ${problem}`);
  };
  const url = addressOf(given.url) ?? refuse("url is an address that begins with http:// or https://.");
  const headers = new Map<string, string>();
  if (given.headers !== undefined) {
    if (typeof given.headers !== "object" || given.headers === null || Array.isArray(given.headers))
      return refuse("headers are texts by name.");
    for (const name of Object.keys(given.headers)) {
      const shownName = boundedText(name, 100);
      const value = field(given.headers, name);
      const lower = name.toLowerCase();
      if (ours.test(lower)) return refuse(`headers.${shownName} is set for each attempt and can't be given.`);
      if (headers.has(lower)) return refuse(`headers.${shownName} is given twice.`);
      if (!isHeaderName(name)) return refuse(`${JSON.stringify(shownName)} can't name a header.`);
      if (typeof value !== "string" || !isHeader(name, value))
        return refuse(
          `headers.${shownName} can't be sent: a header's value is a text without line breaks and of Latin characters.`,
        );
      headers.set(lower, value);
    }
  }
  const secrets = new Secrets();
  if (url.username !== "" || url.password !== "") {
    if (headers.has("authorization"))
      return refuse("It has a user in its url and headers.authorization: give one of them.");
    const user = decoded(url.username);
    const password = decoded(url.password);
    headers.set("authorization", `Basic ${Buffer.from(`${user}:${password}`).toString("base64")}`);
    for (const part of [url.username, user, url.password, password]) secrets.add(part);
    url.username = "";
    url.password = "";
  }
  for (const [name, value] of headers) if (!open.includes(name)) secrets.add(value);
  return { url, headers: Object.fromEntries(headers), shown: `${url.origin}${url.pathname}`, secrets };
}

/** A copy: whoever gave it may change it. */
function addressOf(given: unknown): URL | undefined {
  if (typeof given !== "string" && !(given instanceof URL)) return undefined;
  const url = URL.parse(String(given));
  return url !== null && /^https?:$/.test(url.protocol) ? url : undefined;
}

function isHeaderName(name: string): boolean {
  try {
    validateHeaderName(name);
    return true;
  } catch {
    return false;
  }
}

function isHeader(name: string, value: string): boolean {
  try {
    validateHeaderValue(name, value);
    return true;
  } catch {
    return false;
  }
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
