import { createServer } from "node:http";
import { parseArgs } from "node:util";
import next from "next";

/** Serves the built dashboard on loopback: `node serve.ts --port 3001`. Next's own `start` does not end on SIGTERM while a page is open. */

const { values } = parseArgs({ options: { port: { type: "string", default: "3001" } } });
const port = Number(values.port);
const app = next({ dev: false, dir: import.meta.dirname, hostname: "127.0.0.1", port });
await app.prepare();
const handle = app.getRequestHandler();
const server = createServer((request, response) => void handle(request, response));
server.listen(port, "127.0.0.1", () => process.send?.({ type: "ready" }));

function stop(): void {
  server.closeAllConnections();
  process.exit(0);
}
process.on("SIGTERM", stop);
process.on("SIGINT", stop);
process.on("disconnect", stop);
