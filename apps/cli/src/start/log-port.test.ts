import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { logPortOf } from "./log-of.ts";

test("a port of the log that was named is refused where it is taken; the usual one moves", async () => {
  const taken = createServer().listen(0, "127.0.0.1");
  onTestFinished(() => void taken.close());
  await once(taken, "listening");
  const { port: logPort } = taken.address() as AddressInfo;
  await expect(logPortOf({ logPort, isLogPortNamed: true })).rejects.toThrow(
    new RegExp(`^Port ${logPort} is in use\\. Choose another for the log: --log-port \\d+$`),
  );
  const moved = await logPortOf({ logPort });
  expect(moved).not.toBe(logPort);
  expect(await logPortOf({ logPort: moved, isLogPortNamed: true })).toBe(moved);
});
