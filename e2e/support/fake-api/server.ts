import http from "node:http";
import { createHTTPHandler } from "@trpc/server/adapters/standalone";
import { fakeRouter } from "./router.ts";
import { type FakeTrouble, World } from "./world.ts";

/** A whole product of one origin with nothing behind it: fixture runs that time moves on, in front of the real pages. */
export function serveFake(options: {
  port: number;
  webPort: number;
  history?: number;
  everyMs?: number;
  bigRunJobs?: number;
  /** Each with runs of its own. */
  namespaces?: readonly string[];
}) {
  const { namespaces = ["public/default"] } = options;
  const worlds = namespaces.map(
    (_, index) =>
      new World({
        history: options.history ?? 5_000,
        everyMs: options.everyMs ?? 2_500,
        bigRunJobs: options.bigRunJobs ?? 3_000,
        seed: index,
      }),
  );
  const apis = worlds.map((world, index) => {
    const basePath = `/trpc/${namespaces[index]}/`;
    return { basePath, answer: createHTTPHandler({ router: fakeRouter(world), basePath }) };
  });
  const server = http.createServer((request, response) => {
    const api = apis.find(({ basePath }) => request.url?.startsWith(basePath));
    if (api !== undefined) return api.answer(request, response);
    if (request.url?.startsWith("/trpc/")) return response.writeHead(404).end();
    const upstream = http.request(
      {
        port: options.webPort,
        host: "127.0.0.1",
        path: request.url,
        method: request.method,
        headers: { ...request.headers, "x-downbeat-namespaces": namespaces.join(",") },
      },
      (answer) => {
        response.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(response);
      },
    );
    upstream.on("error", () => (response.headersSent ? response.destroy() : response.writeHead(502).end()));
    response.on("close", () => upstream.destroy());
    request.pipe(upstream);
  });
  server.on("upgrade", (request, socket, head) => {
    const upstream = http.request({
      port: options.webPort,
      host: "127.0.0.1",
      path: request.url,
      headers: request.headers,
    });
    socket.on("error", () => upstream.destroy());
    upstream.on("upgrade", (answer, back) => {
      back.on("error", () => socket.destroy());
      socket.write(
        `HTTP/1.1 101 Switching Protocols\r\n${Object.entries(answer.headers)
          .map(([name, value]) => `${name}: ${value}`)
          .join("\r\n")}\r\n\r\n`,
      );
      back.write(head);
      back.pipe(socket).pipe(back);
    });
    upstream.on("error", () => socket.destroy());
    upstream.end();
  });
  server.listen(options.port, "127.0.0.1");
  return {
    server,
    haveTrouble(trouble: FakeTrouble) {
      for (const world of worlds) world.trouble = trouble;
    },
    close() {
      server.close();
      server.closeAllConnections();
      for (const world of worlds) world.stop();
    },
  };
}

if (import.meta.main) {
  const number = (name: string, fallback: number) =>
    Number(process.argv[process.argv.indexOf(name) + 1] ?? fallback) || fallback;
  serveFake({ port: number("--port", 3900), webPort: number("--web", 3901) });
  console.log("The fake is ready.");
}
