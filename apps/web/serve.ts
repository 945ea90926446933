import { createServer } from "node:http";
import { parseArgs } from "node:util";
import next from "next";

/** Serves the built dashboard, on loopback if no other address is given: `node serve.ts --port 3001`. Next's own `start` does not end on SIGTERM while a page is open. */

const { values } = parseArgs({
  options: {
    port: { type: "string", default: "3001" },
    // Another one only in a container, whose network is its own.
    host: { type: "string", default: "127.0.0.1" },
  },
});
const port = Number(values.port);
const hostname = values.host;
const app = next({ dev: false, dir: import.meta.dirname, hostname, port });
await app.prepare();
const handle = app.getRequestHandler();
const server = createServer((request, response) => void handle(request, response));
server.listen(port, hostname, () => process.send?.({ type: "ready" }));

function stop(): void {
  server.closeAllConnections();
  process.exit(0);
}
process.on("SIGTERM", stop);
process.on("SIGINT", stop);
process.on("disconnect", stop);
