import { createHash } from "node:crypto";

/** A booking reference that follows from the request: even a service that has forgotten everything gives the same again. */
export function reference(prefix: string, key: string): string {
  return `${prefix}-${createHash("sha1").update(key).digest("hex").slice(0, 8).toUpperCase()}`;
}
