import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import { downbeat } from "./downbeat.ts";

vi.setConfig({ testTimeout: 120_000 });

test("somebody's sessions are ended by their id, and what is no id is refused", async () => {
  const directory = mkdtempSync(join(tmpdir(), "downbeat-sessions-"));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  const end = (person: string) => downbeat(["sessions", "end", person, "--data-dir", directory]);
  const id = "https://login.example.com|00u1";
  expect(await end(id)).toMatchObject({
    status: 0,
    out: `All that ${id} began is ended. They may sign in again.\n`,
    err: expect.stringContaining("revoke their refresh tokens"),
  });
  expect(await end("local|ada")).toMatchObject({ status: 0, err: "" });
  expect(readFileSync(join(directory, "sign-in", "people.json"), "utf8")).toContain(id);
  expect(await end("ada")).toMatchObject({ status: 2, err: expect.stringContaining("local|ada") });
});
