/** Where the dashboard's process listens: at a port, or at a socket in the file system, which its owner alone can reach. */
export type WebTarget = { readonly host: string; readonly port: number } | { readonly socketPath: string };

/** @param address `http://host:port`, or `unix:/path/of/a.socket` */
export function webTarget(address: string): WebTarget {
  if (address.startsWith(unix)) return { socketPath: address.slice(unix.length) };
  const { hostname, port, protocol } = new URL(address);
  return {
    host: hostname.replace(/^\[(.*)\]$/, "$1"),
    port: Number(port === "" ? (protocol === "https:" ? 443 : 80) : port),
  };
}

export function isUnixSocket(address: string): boolean {
  return address.startsWith(`${unix}/`);
}

const unix = "unix:";
