import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { client } from "@downbeat/sdk/client";
import { expect, test } from "vitest";
import { openLog } from "../src/wiring.ts";

async function listening(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return `ws://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

test.each<[string, (socket: Socket) => void]>([
  ["stands still", () => {}],
  ["hangs up", (socket) => void socket.destroy()],
  ["is no log", (socket) => void socket.end("HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n")],
  ["lets nobody in", (socket) => void socket.end("HTTP/1.1 401 Unauthorized\r\ncontent-length: 0\r\n\r\n")],
])("a command ends in the client's time while what is at the log's address %s", async (_, answer) => {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => {});
    answer(socket);
  });
  const serviceUrl = await listening(server);
  const log = openLog({ serviceUrl, tenant: "public", namespace: "default" });
  const c = client({ log, answerWithin: 400 });
  const waiting = c.run("r").result();
  for (const command of [c.start("w", 1, { runId: "r" }), c.run("r").cancel("x"), c.run("r").signal("s")]) {
    await expect(command).rejects.toMatchObject({ name: "NoAnswerError", delivery: "notSent" });
    await expect(command).rejects.toThrow(/was not sent: the log was not reached within 400 ms/);
  }
  // What never answers at all is not known to be out of reach yet.
  await expect(c.run("r").result({ timeout: 50 })).rejects.toThrow(
    /has not ended within 50 ms|ends can't be told: the log was not reached within 50 ms/,
  );
  const [closing] = await Promise.allSettled([waiting, c.close()]);
  expect(closing).toMatchObject({ status: "rejected", reason: { name: "NoAnswerError" } });
  for (const socket of sockets) socket.destroy();
  server.close();
  await log.close();
});
