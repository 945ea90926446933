import type { IncomingMessage } from "node:http";
import { isLoopbackHost } from "@downbeat/protocol";

export interface Refusal {
  readonly status: 400 | 403 | 405;
  readonly sentence: string;
}

type Asked = Pick<IncomingMessage, "headers" | "rawHeaders" | "method" | "url">;

const readMethods = new Set(["GET", "HEAD"]);

/**
 * Why a request is not answered. There is no sign-in yet: whoever reaches this port on this machine may do everything. So a page of another site,
 * open in the same browser, must not reach it: not by naming this machine as its own host (DNS rebinding), nor by sending requests
 * from afar (CSRF).
 */
export function refusal({ headers, rawHeaders, url }: Asked): Refusal | undefined {
  // What stands between us and the browser might go by the other one (RFC 9112, 3.2).
  if (rawHeaders.filter((name, index) => index % 2 === 0 && name.toLowerCase() === "host").length > 1)
    return { status: 400, sentence: "This request names two hosts." };
  if (url?.startsWith("/") !== true)
    return { status: 400, sentence: "Ask for a path; this server is no proxy." };
  const { host, origin } = headers;
  if (!isLoopbackHost(host))
    return { status: 403, sentence: "Downbeat answers on this machine's own address only." };
  return origin === undefined || origin === `http://${host}` ? undefined : ofAnotherSite;
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

/** In addition, for pages: they are read. A body that is never sent whole would hold a connection to the dashboard's process. */
export function pageRefusal({ method, headers }: Asked): Refusal | undefined {
  if (method === undefined || !readMethods.has(method))
    return { status: 405, sentence: "Pages are read: send GET." };
  const hasBody = headers["transfer-encoding"] !== undefined || (headers["content-length"] ?? "0") !== "0";
  return hasBody ? { status: 400, sentence: "A page is asked for without a body." } : undefined;
}

const ofAnotherSite = { status: 403, sentence: "Another site's page may not use Downbeat." } as const;
