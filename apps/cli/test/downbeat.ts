import { spawn } from "node:child_process";
import { join } from "node:path";
import { text } from "node:stream/consumers";

const main = join(import.meta.dirname, "../src/main.ts");

/** The command line, as a process of its own. */
export async function downbeat(
  args: readonly string[],
  input = "",
  env: Readonly<Record<string, string>> = {},
): Promise<{ status: number | null; out: string; err: string }> {
  const child = spawn(process.execPath, [main, ...args], { stdio: "pipe", env: { ...process.env, ...env } });
  child.stdin.end(input);
  const ended = new Promise<number | null>((resolve) => child.once("close", resolve));
  const [out, err] = await Promise.all([text(child.stdout), text(child.stderr)]);
  return { status: await ended, out, err };
}
