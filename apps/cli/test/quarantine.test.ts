import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { topics } from "@downbeat/protocol";
import { expect, onTestFinished, test } from "vitest";
import { openEngineering, startServer, until } from "../../server/test/stack.ts";
import { downbeat } from "./downbeat.ts";

test("what nobody could read is mended and sent again, or dropped, from the command line", {
  timeout: 240_000,
}, async () => {
  const directory = await mkdtemp(join(tmpdir(), "downbeat-quarantine-"));
  onTestFinished(() => rm(directory, { recursive: true }));
  await using engineering = await openEngineering();
  const producer = await engineering.log.openProducer(topics.inbox(0));
  for (const runId of ["t-1", "t-2"]) {
    const command = { type: "StartRun", commandId: `start-${runId}`, runId, workflow: "trip", input: {} };
    await producer.send({ payload: Buffer.from(JSON.stringify({ commands: [command] })), key: runId });
  }
  await producer.close();
  await using server = await startServer({ DOWNBEAT_LOG_URL: engineering.url, DOWNBEAT_ACTOR: "ada" });
  const on = (...args: string[]) => downbeat(["quarantine", ...args, "--url", server.url]);
  const messages = async () => JSON.parse((await on("list", "--json")).out).messages;
  await until(async () => (await messages()).length === 2);
  const entryOf = async (runId: string) =>
    (await messages()).find(({ text }: { text: string }) => text.includes(runId)).entry;
  const [first, second] = [await entryOf("t-1"), await entryOf("t-2")];

  const printed = await on("send-again", first, "--print");
  expect(printed.out).toContain('"input":{}');
  expect(await on("send-again", first, "--dry-run")).toMatchObject({
    status: 4,
    err: expect.stringContaining("Refused: StartRun can't be sent: input"),
  });
  const file = join(directory, "mended.json");
  await writeFile(file, printed.out.replace('"input":{}', '"input":"{}"'));
  const mended = ["send-again", first, "--text-file", file];
  expect((await on(...mended, "--dry-run")).out).toBe("StartRun of t-1 would be sent.\n");
  expect(await on(...mended)).toMatchObject({ status: 2, err: expect.stringContaining("--reason") });
  expect(await on(...mended, "--reason", "Mended.")).toEqual({
    status: 0,
    out: `${first}: sent again by ada: accepted.\n`,
    err: "",
  });
  expect(await on(...mended, "--reason", "Mended.")).toMatchObject({
    status: 4,
    err: "Refused: It was sent again already, and not refused.\n",
  });
  expect((await on("drop", second, "--reason", "A test.")).out).toBe(`Dropped ${second}.\n`);
  expect(await on("drop", second, "--reason", "A test.")).toMatchObject({ status: 4 });
  expect(await on("drop", "nothing", "--reason", "A test.")).toMatchObject({ status: 3 });
  const listed = (await on("list")).out;
  expect(listed).toMatch(/^ENTRY +WHEN +WHAT +DONE +WHY\n/);
  expect(listed).toContain("sent again by ada: accepted");
  expect(listed).toContain("dropped by ada");
  // It is there as such after a restart of the server, too.
  await using other = await startServer({ DOWNBEAT_LOG_URL: engineering.url, DOWNBEAT_ACTOR: "grace" });
  await until(async () => {
    const { out } = await downbeat(["quarantine", "list", "--url", other.url]);
    return out.includes("dropped by ada") && out.includes("sent again by ada: accepted");
  });
});
