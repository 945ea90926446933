import type { IncomingMessage } from "node:http";
import type { Happened } from "@downbeat/api";

const longestAgent = 200;

/** @param address as far as it is believed, see `clientAddress` */
export function whereFrom(
  { headers }: Pick<IncomingMessage, "headers">,
  address: string,
): NonNullable<Happened["from"]> {
  const agent = (headers["user-agent"] ?? "").slice(0, longestAgent);
  return { ...(address !== "" && { address: address.slice(0, 100) }), ...(agent !== "" && { agent }) };
}
