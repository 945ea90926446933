import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { newCertificate } from "../../../server/test/certificate.ts";
import { askServer } from "./ask-server.ts";

test("the own server is believed by its certificate, whatever name that is for, and nobody else is", async () => {
  const [own, other] = [newCertificate(), newCertificate()];
  const server = createServer(
    { cert: readFileSync(own.certFile, "utf8"), key: readFileSync(own.keyFile, "utf8") },
    (_, response) => response.writeHead(503).end("not yet"),
  );
  server.listen(0, "127.0.0.2");
  await once(server, "listening");
  onTestFinished(() => void server.close());
  // An address that the certificate doesn't name.
  const url = `https://127.0.0.2:${(server.address() as AddressInfo).port}/readyz`;
  expect(await askServer(url, own.certFile)).toEqual({ status: 503, body: "not yet" });
  await expect(askServer(url, other.certFile)).rejects.toThrow("certificate");
});
