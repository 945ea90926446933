import { expect, test, vi } from "vitest";
import { startGuarded } from "../../server/test/signed-in.ts";
import { openEngineering, until } from "../../server/test/stack.ts";
import { downbeat } from "./downbeat.ts";

vi.setConfig({ testTimeout: 240_000 });

test("one person asks on the command line, another looks at it and approves, and nobody's token does either", async () => {
  await using engineering = await openEngineering();
  engineering.hotelIsUp = false;
  const { server, accessFile } = await startGuarded(
    { DOWNBEAT_LOG_URL: engineering.url },
    { secondPerson: [{ terminate: true }] },
  );
  const tokenOf = async (name: string, ...more: readonly string[]) => {
    const made = await downbeat([
      "tokens",
      "add",
      name,
      "--role",
      "operator",
      ...more,
      "--access",
      accessFile,
    ]);
    expect(made.status).toBe(0);
    return { DOWNBEAT_TOKEN: made.out.trim() };
  };
  const [ada, grace, ci] = [
    await tokenOf("ada-laptop", "--for", "local|ada"),
    await tokenOf("grace-laptop", "--for", "local|grace"),
    await tokenOf("ci"),
  ];
  const as = (token: Record<string, string>, ...args: readonly string[]) =>
    downbeat([...args, "--url", server.url], "", token);
  await until(
    async () => (await as(ci, "runs", "start", "trip", "--input", "{}", "--run-id", "trip-1")).status === 0,
  );
  const terminate = ["runs", "terminate", "trip-1", "--reason", "it hangs"];
  expect(await as(ci, ...terminate)).toMatchObject({ err: expect.stringContaining("ci is nobody's token") });

  const asked = await as(ada, ...terminate);
  expect(asked).toMatchObject({ status: 0, out: expect.stringContaining("It needs a second person") });
  const [id = ""] = /ask-[0-9a-f]{20}/.exec(asked.out) ?? [];
  expect((await as(grace, "approvals", "list")).out).toMatch(new RegExp(`${id} +terminateRun trip-1`));
  expect((await as(grace, "approvals", "show", id)).out).toContain("You may approve or reject it.");
  expect(await as(ada, "approvals", "approve", id)).toMatchObject({
    err: expect.stringContaining("You asked for it yourself"),
  });
  expect(await as(grace, "approvals", "reject", id)).toMatchObject({ status: 2 });
  const approved = await as(grace, "approvals", "approve", id, "--reason", "right");
  expect(approved.out).toMatch(/^terminateRun trip-1: approved by grace-laptop <token\|[0-9a-f]{12}>, /);
  await until(async () => (await as(ada, "approvals", "list", "--all")).out.includes(", done"));
  expect((await as(ada, "approvals", "list")).out).toBe("Nothing waits for a second person.\n");
  expect(await as(grace, "approvals", "withdraw", "ask-1")).toMatchObject({ status: 3 });
});
