import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "./ports.ts";

export interface WebPlace {
  /** As the server is told it. */
  readonly address: string;
  /** As the dashboard's process is. */
  readonly args: readonly string[];
}

// What addresses of sockets have room for, on macOS and BSD; on Linux four more.
const longestPath = 103;

/**
 * Where the dashboard's process is to listen: at a socket in a directory of its own, which nobody else may enter and which is gone with this process. A port of
 * loopback, where the system has no such thing or the path is too long, can be asked by everybody on the machine.
 */
export async function webPlace(): Promise<WebPlace> {
  const path = process.platform === "win32" ? undefined : socketPath();
  if (path !== undefined) return { address: `unix:${path}`, args: ["--socket", path] };
  const port = await freePort();
  return { address: `http://127.0.0.1:${port}`, args: ["--port", String(port)] };
}

function socketPath(): string | undefined {
  const folder = mkdtempSync(join(tmpdir(), "downbeat-web-"));
  const path = join(folder, "web.sock");
  if (Buffer.byteLength(path) > longestPath) {
    rmSync(folder, { recursive: true });
    return undefined;
  }
  process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
  return path;
}
