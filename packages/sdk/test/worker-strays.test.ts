import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "vitest";

test("whatever a handler throws, returns or leaves behind, its worker goes on with the others' jobs", async () => {
  // In a process of its own: the test runner listens for unhandled rejections too.
  const child = fileURLToPath(new URL("worker-strays-child.ts", import.meta.url));
  const { stdout } = await promisify(execFile)(process.execPath, [child]);
  const { results, problems } = JSON.parse(stdout);
  expect(results).toEqual({
    notText: "Error",
    getter: "Error",
    revoked: "Error",
    rejected: "Error",
    dropped: "1",
    toJson: "InvalidOutput",
    bigint: "InvalidOutput",
    // An async function looks for a \`then\` in what it returns.
    revokedResult: "InvalidOutput",
    lateRejection: "TimedOut",
    fine: '"fine"',
  });
  expect(problems).toEqual(
    expect.arrayContaining(["A promise that a handler of work left behind was rejected: [unreadable]"]),
  );
});
