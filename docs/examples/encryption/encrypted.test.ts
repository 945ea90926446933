import { job, workflow } from "@downbeat/sdk";
import { testEnvironment } from "@downbeat/sdk/testing";
import { expect, test, vi } from "vitest";

const greet = job<{ name: string }, string>("greet");
const welcome = workflow("welcome", (run, guest: { name: string }) => run.job(greet, guest));

test("a guest's name is nowhere in the history of the run", async () => {
  const keys = [{ id: "all-1", secret: Buffer.alloc(32, 1).toString("base64") }];
  vi.stubEnv("DOWNBEAT_PAYLOAD_KEYS", JSON.stringify({ keys }));
  const { connection } = await import("./connection.ts");
  await using env = await testEnvironment({
    workflows: [welcome],
    jobs: { greet: ({ name }: { name: string }) => `Hello, ${name}` },
    ...(connection.codec !== undefined && { codec: connection.codec }),
  });
  const run = await env.start(welcome, { name: "Ada" });
  expect(await run.result()).toBe("Hello, Ada");
  expect(JSON.stringify(run.history())).not.toContain("Ada");
  await connection.close();
});
