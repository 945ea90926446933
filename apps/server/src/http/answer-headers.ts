import type { ServerResponse } from "node:http";

/**
 * Every answer has them, whoever makes it: what an answer holds is taken as the type it says, read by our own pages only, framed by nobody, kept by no cache
 * unless whoever makes it says so, and may use nothing of the machine that shows it.
 */
const headers = {
  "x-content-type-options": "nosniff",
  "x-frame-options": "DENY",
  "referrer-policy": "same-origin",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  "permissions-policy":
    "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=(), serial=(), bluetooth=()",
  "cache-control": "no-store",
} as const;

export function setHeaders(response: ServerResponse): void {
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
}
