import { readdirSync, readFileSync, readlinkSync } from "node:fs";

const listening = "0A";

/** Where a process on Linux waits for TCP connections, as `address:port`. */
export function listeningAddresses(pid: number): string[] {
  const own = new Set(
    readdirSync(`/proc/${pid}/fd`).flatMap((fd) => {
      const inode = /^socket:\[(\d+)\]$/.exec(targetOf(`/proc/${pid}/fd/${fd}`))?.[1];
      return inode === undefined ? [] : [inode];
    }),
  );
  return ["tcp", "tcp6"].flatMap((table) =>
    readFileSync(`/proc/${pid}/net/${table}`, "utf8")
      .trim()
      .split("\n")
      .slice(1)
      .flatMap((line) => {
        const [, local = "", , state, , , , , , inode = ""] = line.trim().split(/\s+/);
        return state === listening && own.has(inode) ? [addressOf(local)] : [];
      }),
  );
}

export function isLoopback(address: string): boolean {
  return /^(127\.\d+\.\d+\.\d+|\[::1\]|\[::ffff:127\.\d+\.\d+\.\d+\]):\d+$/.test(address);
}

/** A file that is closed meanwhile leads nowhere. */
function targetOf(link: string): string {
  try {
    return readlinkSync(link);
  } catch {
    return "";
  }
}

/** The kernel writes each four bytes of an address as a number of this machine: `0100007F:1F90` is 127.0.0.1:8080. */
function addressOf(local: string): string {
  const [address = "", port = ""] = local.split(":");
  const words = address.match(/.{8}/g) ?? [];
  const bytes = words.flatMap((word) => [...Buffer.from(word, "hex")].reverse());
  return `${hostOf(bytes)}:${Number.parseInt(port, 16)}`;
}

function hostOf(bytes: readonly number[]): string {
  if (bytes.length === 4) return bytes.join(".");
  const isV4 = bytes.slice(0, 12).every((byte, index) => byte === (index < 10 ? 0 : 0xff));
  if (isV4) return `[::ffff:${bytes.slice(12).join(".")}]`;
  if (bytes.every((byte, index) => byte === (index === 15 ? 1 : 0))) return "[::1]";
  return `[${bytes.map((byte) => byte.toString(16).padStart(2, "0")).join("")}]`;
}
