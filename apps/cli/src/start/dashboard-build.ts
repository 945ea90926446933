import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import { join } from "node:path";

/** Builds the dashboard where that is needed; Turborepo knows, and is done in a second when it is not. */
export async function buildDashboard(root: string, env: NodeJS.ProcessEnv): Promise<void> {
  const turbo = createRequire(join(root, "package.json")).resolve("turbo/bin/turbo");
  const args = [turbo, "run", "build", "--filter=@downbeat/web", "--output-logs=errors-only"];
  const child = spawn(process.execPath, args, { cwd: root, env, stdio: ["ignore", "pipe", "pipe"] });
  let output = "";
  child.stdout.on("data", (data) => (output += data));
  child.stderr.on("data", (data) => (output += data));
  const code = await new Promise((resolve) => child.once("close", resolve));
  if (code !== 0) throw new Error(`The dashboard could not be built.\n${output}`);
}
