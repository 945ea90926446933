import { readFileSync } from "node:fs";
import { relative } from "node:path";
import { z } from "zod";
import { help, parseArguments, UsageError } from "./arguments.ts";
import { writeProject } from "./project.ts";
import { quoted } from "./quoted.ts";

const manifest = z.object({ version: z.string() });

try {
  const asked = parseArguments(process.argv.slice(2));
  if (asked === undefined) process.stdout.write(help);
  else {
    const { version } = manifest.parse(
      JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")),
    );
    const folder = writeProject(asked, process.cwd(), version);
    const shown = relative(process.cwd(), folder) || ".";
    process.stdout.write(`Your project is in ${shown}. What is next:

  cd ${quoted(shown)}
  npm install
  npm run dev     # engine, log, a worker with your code, and the dashboard at http://localhost:3000
  npm start       # in another terminal: starts a run and waits for its result
  npm test        # the workflow, on simulated time
`);
  }
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exit(2);
}
