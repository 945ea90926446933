import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import { openEngineering, startServer, until } from "../../server/test/stack.ts";
import { downbeat } from "./downbeat.ts";

vi.setConfig({ testTimeout: 180_000 });

/** A chat that keeps what it is told. */
async function chat() {
  const told: string[] = [];
  const server = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk) => (body += chunk));
    request.on("end", () => {
      told.push(JSON.parse(body).text);
      response.end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  return { told, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/very-secret` };
}

test("a rule is saved from a file, tells the chat once of what it finds, whichever server is there, and is silenced and deleted", async () => {
  const directory = mkdtempSync(join(tmpdir(), "downbeat-alerts-"));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  const file = (name: string, content: object) => {
    writeFileSync(join(directory, name), JSON.stringify(content));
    return join(directory, name);
  };
  const { told, url } = await chat();
  const channels = file("channels.json", {
    dashboard: "https://downbeat.example",
    channels: { chat: { kind: "slack", url: { env: "CHAT_URL" } } },
  });
  await using engineering = await openEngineering(["public/default"], { asksWorkers: true });
  engineering.hotelIsUp = false;
  const env = { DOWNBEAT_LOG_URL: engineering.url, DOWNBEAT_ALERT_CHANNELS: channels, CHAT_URL: url };
  await using first = await startServer({ ...env, DOWNBEAT_ACTOR: "ada" });
  await using second = await startServer({ ...env, DOWNBEAT_ACTOR: "grace" });
  const on = (...args: string[]) => downbeat([...args, "--url", second.url]);

  expect((await on("alerts", "list")).out).toMatch(/^There are no rules\.(.|\n)*chat +slack +127\.0\.0\.1:/);
  expect((await on("alerts", "test", "chat")).out).toBe("Delivered to chat.\n");
  expect(told.splice(0)[0]).toMatch(/^Test: Test of this channel \(public\/default\)\ngrace wanted to see/);
  expect(await on("alerts", "test", "mail")).toMatchObject({ status: 3 });

  const condition = { kind: "stuck", filter: { workflow: "trip" }, longerThanMs: 1_000, atLeast: 2 };
  const rule = { name: "Stuck trips", condition, channels: ["chat"] };
  const bad = file("bad.json", { ...rule, condition: { ...condition, atLeast: 0.5 } });
  expect(await on("alerts", "save", bad)).toMatchObject({
    status: 2,
    err: expect.stringContaining("condition.atLeast"),
  });
  expect(await on("alerts", "save", file("mail.json", { ...rule, channels: ["mail"] }))).toMatchObject({
    err: expect.stringContaining("has no channel called mail"),
  });
  const saved = await on("alerts", "save", file("rule.json", rule));
  expect(saved.out).toMatch(/^Saved as \w+, version 1\.\n$/);
  // What is saved again takes the place of the one with its name.
  expect((await on("alerts", "save", join(directory, "rule.json"))).out).toMatch(/version 2\.\n$/);

  await second.api.runs.start.mutate({ workflow: "trip", input: "{}", runId: "t-0" });
  await until(async () => (await second.api.attention.list.query({ limit: 1 })).total === 1);
  expect((await on("alerts", "list")).out).toMatch(
    /Stuck trips +ok +chat +2 runs of trip or more stuck for longer than 1\.00 s\./,
  );
  await second.api.runs.start.mutate({ workflow: "trip", input: "{}", runId: "t-1" });
  await until(async () => told.length > 0);
  expect(told).toEqual([
    "Alert: Stuck trips (public/default)\n2 runs of trip have been stuck for more than 1.00 s.\nhttps://downbeat.example/public/default/alerts",
  ]);

  const goesOn = /Stuck trips +(?:now|.* ago) +goes on +chat +2 runs of trip/;
  // What was told and isn't written down yet would be told once more.
  await until(async () => goesOn.test((await on("alerts", "incidents")).out));
  // Whoever looked is gone, all of a sudden: the other one knows that it was told.
  const watching = async () => (await second.api.alerts.list.query()).watching.is;
  const isElsewhere = (await watching()) === "elsewhere";
  if (isElsewhere) first.child.kill("SIGKILL");
  await until(async () => (await watching()) === "here");
  expect((await on("alerts", "incidents")).out).toMatch(goesOn);
  expect(await on("alerts", "silence", "Stuck trips", "2020-01-01")).toMatchObject({ status: 2 });
  expect((await on("alerts", "silence", "Stuck trips", "4h")).out).toMatch(/^Silenced until /);
  expect((await on("alerts", "list")).out).toMatch(/wrong for .* s, silenced/);
  expect((await on("alerts", "silence", "Stuck trips", "never")).out).toBe("People are notified again.\n");
  const [listed] = (await second.api.alerts.list.query()).rules;
  const late = { ruleId: listed?.ruleId ?? "", version: 1 };
  expect(await second.api.alerts.delete.mutate(late)).toMatchObject({ outcome: "conflict" });
  expect((await on("alerts", "delete", "Stuck trips")).out).toBe("Deleted.\n");
  expect(await on("alerts", "delete", "Stuck trips")).toMatchObject({ status: 3 });
  await until(async () => told.length > 1);
  expect(told[1]).toBe(
    "Resolved: Stuck trips (public/default)\nThe rule was deleted.\nhttps://downbeat.example/public/default/alerts",
  );
  expect(told).toHaveLength(2);
  expect(first.output() + second.output()).not.toContain("very-secret");
});
