import type { IncomingMessage } from "node:http";
import { BlockList, isIP } from "node:net";

/** The addresses and networks (`10.0.0.0/8`) whose word on where people come from is taken. */
export class TrustedProxies {
  readonly #list = new BlockList();

  /** @throws Error that names what is no address */
  constructor(addresses: readonly string[]) {
    for (const each of addresses) {
      const [address = "", length, ...rest] = each.split("/");
      const family = isIP(address);
      const bits = family === 4 ? 32 : 128;
      if (
        family === 0 ||
        rest.length > 0 ||
        (length !== undefined && !(/^\d+$/.test(length) && Number(length) <= bits))
      )
        throw new Error(`proxies: ${each} is no address such as 10.0.0.7 or 10.0.0.0/8.`);
      this.#list.addSubnet(address, Number(length ?? bits), family === 4 ? "ipv4" : "ipv6");
    }
  }

  has(address: string): boolean {
    const family = isIP(address);
    return family !== 0 && this.#list.check(address, family === 4 ? "ipv4" : "ipv6");
  }
}

/** What is asked of a request to know where it comes from. */
type Sent = Pick<IncomingMessage, "headers"> & {
  readonly socket: { readonly remoteAddress?: string | undefined };
};

/** Where a request comes from: the connection's other end, or, from a trusted proxy, what that one says, and no further. */
export function clientAddress({ socket, headers }: Sent, proxies: TrustedProxies): string {
  let address = plain(socket.remoteAddress ?? "");
  const forwarded = [headers["x-forwarded-for"] ?? []].flat().join(",").split(",");
  for (const said of forwarded.toReversed()) {
    if (!proxies.has(address)) break;
    const before = plain(said.trim());
    if (isIP(before) === 0) break;
    address = before;
  }
  return address;
}

/** The other end of the connection, where it names somebody else and its word isn't taken. */
export function untrustedProxy({ socket, headers }: Sent, proxies: TrustedProxies): string | undefined {
  const address = plain(socket.remoteAddress ?? "");
  return headers["x-forwarded-for"] === undefined || proxies.has(address) ? undefined : address;
}

/** IPv4 is the same however it came in. */
function plain(address: string): string {
  return address.replace(/^::ffff:(?=\d+\.)/i, "");
}

/** By whom attempts are counted: whoever has one IPv6 address has a network of them. */
export function networkOf(address: string): string {
  if (isIP(address) !== 6) return address;
  const [head = "", tail] = address.split("::");
  const before = head === "" ? [] : head.split(":");
  const after = tail === undefined || tail === "" ? [] : tail.split(":");
  const zeros = Array(Math.max(0, 8 - before.length - after.length)).fill("0");
  const groups = tail === undefined ? before : [...before, ...zeros, ...after];
  return groups
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(":");
}

export function isLoopbackAddress(address: string | undefined): boolean {
  const one = plain(address ?? "");
  return one === "::1" || /^127\./.test(one);
}
