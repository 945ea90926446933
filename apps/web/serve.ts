import { readFileSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { builtFiles } from "./built-files.ts";
import { tellOfBuild } from "./env.ts";

/** Serves the built dashboard, on loopback if no other address is given: `node serve.ts --port 3001`, or `--socket /path`. Next's own `start` does not end on SIGTERM while a page is open. */

// Standard output may be a file on a full disk: what is printed there is no reason to end.
for (const stream of [process.stdout, process.stderr]) stream.on("error", () => {});

const { values } = parseArgs({
  options: {
    port: { type: "string", default: "3001" },
    // Another one only in a container, whose network is its own.
    host: { type: "string", default: "127.0.0.1" },
    /** In place of a port: a path in a directory that nobody else may enter. */
    socket: { type: "string" },
    /** Where the build is, and Next with it. */
    dir: { type: "string", default: import.meta.dirname },
  },
});
const { dir, host: hostname, socket } = values;
const port = Number(values.port);
const built: { config: unknown } = JSON.parse(
  readFileSync(join(dir, ".next", "required-server-files.json"), "utf8"),
);
tellOfBuild(built.config);
const place = createRequire(join(dir, "package.json")).resolve("next");
const { default: next }: { default: typeof import("next").default } = await import(pathToFileURL(place).href);
const app = next({ dev: false, dir, hostname, port });
await app.prepare();
const handle = app.getRequestHandler();
const answered = builtFiles(join(dir, ".next", "static"), "/_next/static");
const server = createServer((request, response) => {
  if (!answered(request, response)) void handle(request, response);
});
const onListening = () => process.send?.({ type: "ready" });
if (socket === undefined) server.listen(port, hostname, onListening);
else {
  // Of a process before this one that was killed.
  rmSync(socket, { force: true });
  server.listen(socket, onListening);
}

function stop(): void {
  server.closeAllConnections();
  process.exit(0);
}
process.on("SIGTERM", stop);
process.on("SIGINT", stop);
process.on("disconnect", stop);
