import type { IncomingHttpHeaders } from "node:http";

const loopbackNames = new Set(["localhost", "127.0.0.1", "[::1]"]);

/**
 * Why a request is not answered. There is no sign-in yet: whoever reaches this port on this machine may do everything. So a page of another site,
 * open in the same browser, must not reach it: not by naming this machine as its own host (DNS rebinding), nor by sending requests
 * from afar (CSRF).
 */
export function refusal(headers: IncomingHttpHeaders): string | undefined {
  const host = headers.host ?? "";
  if (!loopbackNames.has(host.replace(/:\d+$/, "").toLowerCase())) {
    return "Downbeat answers on this machine's own address only.";
  }
  const { origin } = headers;
  if (origin !== undefined && origin !== `http://${host}`) return "Another site's page may not use Downbeat.";
  return undefined;
}

/** In addition, for the API: nothing that a browser sends for another site, form posts included. */
export function apiRefusal(method: string | undefined, headers: IncomingHttpHeaders): string | undefined {
  if (headers["sec-fetch-site"] === "cross-site") return "Another site's page may not use Downbeat.";
  if (method === "GET" || method === "HEAD") return undefined;
  const type = headers["content-type"]?.split(";")[0]?.trim().toLowerCase();
  return type === "application/json" ? undefined : "Send application/json.";
}
