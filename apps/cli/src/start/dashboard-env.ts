import { readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";

const built = z.object({ config: z.record(z.string(), z.json()) });

/**
 * What Next has to be told of a build: with it, no configuration is looked for where it runs.
 *
 * @throws Error when there is no build
 */
export function dashboardEnv(folder: string): Readonly<Record<string, string>> {
  const path = join(folder, ".next", "required-server-files.json");
  const { config } = built.parse(JSON.parse(readFileSync(path, "utf8")));
  return { NODE_ENV: "production", __NEXT_PRIVATE_STANDALONE_CONFIG: JSON.stringify(config) };
}
