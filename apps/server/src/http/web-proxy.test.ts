import { createServer, type Server } from "node:http";
import {
  type AddressInfo,
  connect,
  createServer as createSocketServer,
  type Server as SocketServer,
} from "node:net";
import { expect, onTestFinished, test, vi } from "vitest";
import { WebProxy } from "./web-proxy.ts";

vi.setConfig({ testTimeout: 60_000 });

async function portOf(server: Server | SocketServer): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  return (server.address() as AddressInfo).port;
}

/** @returns what the dashboard's process was sent, of what was asked of a server in front of it */
async function passed(lines: readonly string[]): Promise<string | undefined> {
  let sent: string | undefined;
  const web = createSocketServer((socket) => {
    socket.on("error", () => {});
    socket.once("data", (data) => {
      sent = String(data);
      socket.end("HTTP/1.1 101 Switching Protocols\r\n\r\n");
    });
  });
  const proxy = new WebProxy(`http://127.0.0.1:${await portOf(web)}`);
  onTestFinished(() => proxy.close());
  const front = createServer();
  front.on("upgrade", (request, socket, head) => proxy.passUpgrade(request, socket, head));
  const socket = connect(await portOf(front), "127.0.0.1");
  const closed = new Promise((resolve) => socket.once("close", resolve));
  socket.on("error", () => {});
  socket.resume();
  socket.write(`${lines.join("\r\n")}\r\n\r\n`);
  await closed;
  return sent;
}

const upgrade = ["host: localhost:3000", "connection: Upgrade", "upgrade: websocket"];

test("a live reload is passed on, without what says who asks", async () => {
  const sent = await passed([
    "GET /_next/webpack-hmr?id=x HTTP/1.1",
    ...upgrade,
    "Cookie: downbeat-session=x; theme=dark",
    "Authorization: Bearer downbeat_x",
    "X-Downbeat-Namespaces: acme/secret",
  ]);
  expect(sent).toMatch(/^GET \/_next\/webpack-hmr\?id=x HTTP\/1.1\r\n/);
  expect(sent).toContain("upgrade: websocket");
  expect(sent).not.toMatch(/cookie|authorization|namespaces/i);
});

test.each(["/", "/public/default", "/_nextx", "/_next/../public/default", "/trpc/x"])(
  "an upgrade at %s reaches nobody",
  async (path) => {
    expect(await passed([`GET ${path} HTTP/1.1`, ...upgrade])).toBeUndefined();
  },
);
