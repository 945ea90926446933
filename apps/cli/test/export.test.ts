import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { client } from "@downbeat/sdk/client";
import { expect, onTestFinished, test } from "vitest";
import { openEngineering, startServer, trip, until } from "../../server/test/stack.ts";
import { downbeat } from "./downbeat.ts";

test("a list is written whole, beyond its pages, to standard output or a file", {
  timeout: 240_000,
}, async () => {
  const directory = await mkdtemp(join(tmpdir(), "downbeat-export-"));
  onTestFinished(() => rm(directory, { recursive: true }));
  await using engineering = await openEngineering();
  engineering.hotelIsUp = false;
  const shop = client({ log: engineering.log, actor: "shop" });
  await using server = await startServer({ DOWNBEAT_LOG_URL: engineering.url, DOWNBEAT_ACTOR: "ada" });
  const on = (...args: string[]) => downbeat([...args, "--url", server.url]);
  // More than one page of the list.
  const ids = Array.from({ length: 520 }, (_, number) => `t-${number}`);
  await Promise.all(ids.map((runId) => shop.start(trip, {}, { runId, labels: { order: "=1+1", n: runId } })));
  await until(
    async () => JSON.parse((await on("runs", "list", "--status", "stuck", "--json")).out).count === 520,
  );

  const csv = await on("runs", "list", "--status", "stuck", "--format", "csv");
  expect(csv.status).toBe(0);
  const [head, ...lines] = csv.out.trimEnd().split("\r\n");
  // What reads it here takes the byte order mark off.
  expect(head).toBe("run,workflow,status,started,ended,took ms,labels,why,error");
  expect(new Set(lines.map((line) => line.split(",", 1)[0]))).toEqual(new Set(ids));

  const rows = (await on("jobs", "list", "--all")).out.trimEnd().split("\n");
  expect(rows.map((row) => JSON.parse(row).status)).toEqual(ids.map(() => "stuck"));
  const attention = JSON.parse((await on("attention", "--all", "--json")).out);
  expect(attention).toMatchObject({ list: "attention", isWhole: true, count: 520 });
  expect(JSON.parse((await on("workers", "--all", "--json")).out)).toMatchObject({ count: 1 });
  for (const command of [
    ["timers", "list"],
    ["owed", "list"],
    ["quarantine", "list"],
    ["alerts", "incidents"],
    ["approvals", "list"],
    ["approvals", "list", "--all"],
  ])
    expect(JSON.parse((await on(...command, "--format", "json")).out)).toMatchObject({ isWhole: true });

  const file = join(directory, "runs.ndjson");
  expect(await on("runs", "list", "--out", file)).toEqual({ status: 0, out: "", err: `${file}: 520 rows\n` });
  expect((await readFile(file, "utf8")).trimEnd().split("\n")).toHaveLength(520);
  // Nothing that is there already is lost.
  await writeFile(file, "mine");
  expect(await on("runs", "list", "--out", file)).toMatchObject({
    status: 2,
    err: `${file} is there already: name another file.\n`,
  });
  expect(await readFile(file, "utf8")).toBe("mine");
  expect(await on("runs", "list", "--status", "unknown", "--format", "csv")).toMatchObject({ status: 2 });
  expect(await on("runs", "list", "--all", "--cursor", "x")).toMatchObject({
    status: 2,
    err: expect.stringContaining("--cursor names a page"),
  });
  await shop.close();
});
