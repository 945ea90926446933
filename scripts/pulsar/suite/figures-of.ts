import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";

const root = join(import.meta.dirname, "..", "..", "..");

export interface Figures {
  readonly figures: unknown;
  /** What it said on the way. */
  readonly said: string;
}

/** Runs one of our scripts. @returns the line of JSON that it ends with */
export async function figuresOf(script: string, args: readonly string[]): Promise<Figures> {
  const child = spawn(process.execPath, [join(root, "scripts", script), ...args], {
    cwd: root,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let out = "";
  let said = "";
  child.stdout.on("data", (chunk) => (out += chunk));
  child.stderr.on("data", (chunk) => (said += chunk));
  await once(child, "close");
  const line = out.trim().split("\n").at(-1) ?? "";
  if (!line.startsWith("{")) throw new Error(`${script} left no figures. It said:\n${said}`);
  console.log(line);
  return { figures: JSON.parse(line), said };
}
