import { existsSync, mkdirSync, mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import { webPlace } from "./web-place.ts";

test("the dashboard's process listens where its owner alone may enter", async () => {
  const { address, args } = await webPlace();
  const [, path = ""] = args;
  expect([address, args[0]]).toEqual([`unix:${path}`, "--socket"]);
  expect(statSync(dirname(path)).mode & 0o777).toBe(0o700);
  expect(existsSync(path)).toBe(false);
});

test("where a socket's path would be too long, it listens at a port", async () => {
  const folder = mkdtempSync(join(tmpdir(), "downbeat-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const deep = join(folder, "x".repeat(90));
  mkdirSync(deep);
  vi.stubEnv("TMPDIR", deep);
  onTestFinished(() => void vi.unstubAllEnvs());
  const { address, args } = await webPlace();
  expect(address).toBe(`http://127.0.0.1:${args[1]}`);
});
