import type { ServerResponse } from "node:http";

/**
 * Every answer has them, whoever makes it: what an answer holds is taken as the type it says, read by our own pages only, framed by nobody, kept by no cache
 * unless whoever makes it says so, and may use nothing of the machine that shows it.
 */
const headers = {
  "x-content-type-options": "nosniff",
  "x-frame-options": "DENY",
  // Of what is no page: pages say their own.
  "content-security-policy":
    "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  "referrer-policy": "same-origin",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  "permissions-policy":
    "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=(), serial=(), bluetooth=()",
  "cache-control": "no-store",
} as const;

/** s; browsers take no address without TLS of a host that said so, for as long. */
const secureFor = 365 * 24 * 60 * 60;

/** @param isSecure whether people open the dashboard over TLS */
export function setHeaders(response: ServerResponse, isSecure: boolean): void {
  if (isSecure) response.setHeader("strict-transport-security", `max-age=${secureFor}`);
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
}
