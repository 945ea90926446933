import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { AdminClient } from "../src/admin-client.ts";

/** A server that ends each connection at its second request, as one does that has kept it for long enough. */
async function forgetful() {
  const seen = new Set<Socket>();
  let requests = 0;
  const server = createServer((request, response) => {
    requests += 1;
    if (seen.has(request.socket)) return void request.socket.destroy();
    seen.add(request.socket);
    response.end("{}");
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const admin = new AdminClient({ url: `http://127.0.0.1:${port}` });
  onTestFinished(() => {
    admin.close();
    server.close();
  });
  return { admin, requests: () => requests };
}

test("what is only read is asked again where the kept connection had ended", async () => {
  const { admin, requests } = await forgetful();
  expect(await admin.get("clusters")).toEqual({});
  expect(await admin.get("clusters")).toEqual({});
  expect(requests()).toBe(3);
});

test("what changes something is not sent twice", async () => {
  const { admin, requests } = await forgetful();
  expect(await admin.get("clusters")).toEqual({});
  await expect(admin.request("PUT", "tenants/acme", "{}")).rejects.toThrow("no answer from the log");
  expect(requests()).toBe(2);
});
