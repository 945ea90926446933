import type { IncomingMessage } from "node:http";

/**
 * The token that a request shows, as Pulsar takes it: in the header, and for WebSockets, whose clients may not be able to set one, in the query where there is
 * no such header.
 */
export function shownToken({ headers }: IncomingMessage, query?: URLSearchParams): string | undefined {
  const { authorization } = headers;
  if (authorization === undefined) return query?.get("token") ?? undefined;
  return /^Bearer +(\S+)$/i.exec(authorization.trim())?.[1];
}
