import type { IncomingMessage } from "node:http";
import { isLoopbackHost } from "@downbeat/protocol";
import { isLoopbackAddress } from "./client-address.ts";

export interface Refusal {
  readonly status: 400 | 401 | 403 | 404 | 405 | 429 | 503;
  readonly sentence: string;
  /** ms until it may be asked again. */
  readonly afterMs?: number;
  /** Of a token that was shown (RFC 6750). */
  readonly isOfToken?: boolean;
}

type Asked = Pick<IncomingMessage, "headers" | "rawHeaders" | "method" | "url" | "socket">;

/** Whom this server lets ask at all. */
export interface Door {
  /** Whether people sign in: without it, whoever reaches this port may do everything. */
  readonly hasSignIn: boolean;
  /** Where people open the dashboard, besides this machine's own address. */
  readonly address: URL | undefined;
  /** Whether this port itself speaks TLS. */
  readonly hasTls?: boolean;
}

const readMethods = new Set(["GET", "HEAD"]);

/**
 * Why a request is not answered. A page of another site, open in the same browser, must not reach this server: not by naming this machine as its own
 * host (DNS rebinding), nor by sending requests from afar (CSRF). And where nobody signs in, nobody on another machine may.
 */
export function refusal(
  { headers, rawHeaders, url, socket }: Asked,
  { hasSignIn, address, hasTls = false }: Door,
): Refusal | undefined {
  // Whatever brought the connection here, and whatever it says of itself.
  if (!hasSignIn && !isLoopbackAddress(socket.remoteAddress))
    return { status: 403, sentence: "Nobody signs in at this Downbeat, so it answers its own machine only." };
  // A proxy of this machine would open to others what is meant for this machine alone.
  if (!hasSignIn && isPassedOn(headers))
    return {
      status: 403,
      sentence:
        "A proxy passed this request on, and nobody signs in at this Downbeat, so it answers its own machine only. Have people sign in first: docs/security.md.",
    };
  // What stands between us and the browser might go by the other one (RFC 9112, 3.2).
  if (rawHeaders.filter((name, index) => index % 2 === 0 && name.toLowerCase() === "host").length > 1)
    return { status: 400, sentence: "This request names two hosts." };
  if (url?.startsWith("/") !== true)
    return { status: 400, sentence: "Ask for a path; this server is no proxy." };
  const { host, origin } = headers;
  const isOwnName = hasSignIn && address !== undefined && host === address.host;
  if (!isOwnName && !isLoopbackHost(host))
    return {
      status: 403,
      sentence:
        address === undefined
          ? "Downbeat answers on this machine's own address only."
          : `Downbeat answers at ${address.origin} only.`,
    };
  const own = isOwnName ? address.origin : `${hasTls ? "https" : "http"}://${host}`;
  return origin === undefined || origin === own ? undefined : ofAnotherSite;
}

/** Whether nobody passed it on: what is told of this server's own state is for its own machine. */
export function isOfThisMachine({ headers, socket }: Asked): boolean {
  return isLoopbackAddress(socket.remoteAddress) && isLoopbackHost(headers.host) && !isPassedOn(headers);
}

const passedOn = /^(forwarded|x-forwarded(-.*)?|x-real-ip|via|cf-.*)$/;

/** As proxies say of themselves. */
function isPassedOn(headers: Asked["headers"]): boolean {
  return Object.keys(headers).some((name) => passedOn.test(name));
}

/** In addition, for the API: nothing that a browser sends for another site, form posts included. */
export function apiRefusal({ method, headers }: Asked): Refusal | undefined {
  const site = headers["sec-fetch-site"];
  // Another port of this machine is the same site to a browser, and somebody else's program.
  if (site === "cross-site" || site === "same-site") return ofAnotherSite;
  if (method !== undefined && readMethods.has(method)) return undefined;
  const type = headers["content-type"]?.split(";")[0]?.trim().toLowerCase();
  return type === "application/json" ? undefined : { status: 403, sentence: "Send application/json." };
}

/** In addition, for forms, which a browser sends for any page: only this server's own pages may. */
export function formRefusal({ headers }: Asked): Refusal | undefined {
  const site = headers["sec-fetch-site"];
  if (site === undefined ? headers.origin !== undefined : site === "same-origin") return undefined;
  return ofAnotherSite;
}

/** In addition, for pages: they are read. A body that is never sent whole would hold a connection to the dashboard's process. */
export function pageRefusal({ method, headers }: Asked): Refusal | undefined {
  if (method === undefined || !readMethods.has(method))
    return { status: 405, sentence: "Pages are read: send GET." };
  const hasBody = headers["transfer-encoding"] !== undefined || (headers["content-length"] ?? "0") !== "0";
  return hasBody ? { status: 400, sentence: "A page is asked for without a body." } : undefined;
}

const ofAnotherSite = { status: 403, sentence: "Another site's page may not use Downbeat." } as const;
