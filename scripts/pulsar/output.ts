import { execFile } from "node:child_process";
import { promisify } from "node:util";

const run = promisify(execFile);

/** What the program prints, on both of its outputs. @throws Error when it is missing or fails */
export async function output(program: string, args: readonly string[]): Promise<string> {
  const { stdout, stderr } = await run(program, [...args], { maxBuffer: 64 * 1024 * 1024 });
  return stdout + stderr;
}
