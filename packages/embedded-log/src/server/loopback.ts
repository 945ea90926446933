import type { IncomingMessage } from "node:http";
import { isLoopback } from "@downbeat/wire";

/**
 * Why a request is refused whatever token it shows, if it is. Only processes of this machine reach the server. A browser on this machine does too, on behalf of
 * any page it shows; a page names itself in `Origin`, or, with a name of its own that resolves to this machine, in `Host`.
 */
export function refusalOf(request: IncomingMessage): string | undefined {
  const host = (request.headers.host ?? "").replace(/:\d+$/, "");
  if (!isLoopback(host)) return "The log answers requests to a loopback address only.";
  if (request.headers.origin !== undefined || request.headers["sec-fetch-site"] !== undefined) {
    return "The log does not answer browsers.";
  }
  return undefined;
}
