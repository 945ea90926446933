import { once } from "node:events";
import { createServer } from "node:net";
import { expect, inject, test } from "vitest";
import "../../../packages/pulsar/test/provided.ts";
import { isLoopback, listeningAddresses } from "../../lib/listening.ts";

const elsewhere = process.platform !== "linux";

test.skipIf(elsewhere || inject("pulsarProcesses").length === 0)(
  "broker, BookKeeper, ZooKeeper and Pulsar SQL are reached from this machine only",
  () => {
    const found = inject("pulsarProcesses").map(listeningAddresses);
    expect(found.length).toBeGreaterThanOrEqual(3);
    for (const addresses of found) expect(addresses.length).toBeGreaterThan(0);
    expect(found.flat().filter((address) => !isLoopback(address))).toEqual([]);
    const ports = [inject("pulsar"), inject("pulsarBroker"), inject("pulsarSql")].map(
      (url) => new URL(url).port,
    );
    expect(found.flat().map((address) => address.split(":").at(-1))).toEqual(expect.arrayContaining(ports));
  },
);

test.skipIf(elsewhere).each([
  ["0.0.0.0", false],
  ["127.0.0.1", true],
  ["::", false],
])("who listens on %s is seen to do so", async (host, isOwn) => {
  const server = createServer().listen(0, host);
  await once(server, "listening");
  const address = server.address();
  const port = typeof address === "object" ? address?.port : undefined;
  const [found] = listeningAddresses(process.pid).filter((each) => each.endsWith(`:${port}`));
  server.close();
  expect(found).toBeDefined();
  expect(isLoopback(found ?? "")).toBe(isOwn);
});
