import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, onTestFinished, test, vi } from "vitest";
import { downbeat } from "./downbeat.ts";

vi.setConfig({ testTimeout: 60_000 });

test("who calls too often is told how long to wait, and of an action that nothing was done", async () => {
  const server = createServer((_, response) =>
    response.writeHead(429, { "content-type": "text/plain", "retry-after": "7" }).end("Too many calls.\n"),
  );
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => void server.close());
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const where = ["--url", url, "--tenant", "public", "--namespace", "default"];
  const said = `The server at ${url} has had too many requests from you, and did nothing: wait 7 seconds, and give the command again.\n`;
  expect(await downbeat(["runs", "list", ...where])).toEqual({ status: 5, out: "", err: said });
  expect(await downbeat(["runs", "cancel", "r1", "--reason", "no", ...where])).toEqual({
    status: 5,
    out: "",
    err: said,
  });
});
