import type { IncomingMessage } from "node:http";

const hosts = /^(localhost|127(\.\d{1,3}){3}|\[?::1\]?)$/;

export function isLoopback(host: string): boolean {
  return hosts.test(host);
}

/**
 * Why a request is refused, if it is. The server has no credentials: what protects it is that only processes of this
 * machine reach it. A browser on this machine does too, on behalf of any page it shows; a page names itself in `Origin`,
 * or, with a name of its own that resolves to this machine, in `Host`.
 */
export function refusalOf(request: IncomingMessage): string | undefined {
  const host = (request.headers.host ?? "").replace(/:\d+$/, "");
  if (!isLoopback(host)) return "The log answers requests to a loopback address only.";
  if (request.headers.origin !== undefined || request.headers["sec-fetch-site"] !== undefined) {
    return "The log does not answer browsers.";
  }
  return undefined;
}
