import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test, vi } from "vitest";
import { mailServer } from "./mail-server.ts";
import { openEngineering, startServer, until } from "./stack.ts";

const directory = mkdtempSync(join(tmpdir(), "downbeat-letters-"));
afterAll(() => rmSync(directory, { recursive: true }));

/** Of quoted-printable, as mail programs read it. */
function read(data: string): string {
  return data
    .replaceAll(/=\r\n/g, "")
    .replaceAll(/=([0-9A-F]{2})/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)));
}

const at = (id: string, width = 1, height = 1) => ({ id, width, height });

test("a board is sent with the figures that its pages show, and nothing that viewers may not see", {
  timeout: 240_000,
}, async () => {
  const { mails, url } = await mailServer();
  const file = join(directory, "channels.json");
  const email = { kind: "email", server: url, from: "downbeat@example.com", to: ["ops@example.com"] };
  writeFileSync(file, JSON.stringify({ dashboard: "https://downbeat.example", channels: { team: email } }));
  await using engineering = await openEngineering();
  await using server = await startServer({
    DOWNBEAT_LOG_URL: engineering.url,
    DOWNBEAT_ALERT_CHANNELS: file,
    DOWNBEAT_ACTOR: "ada",
  });
  const { api } = server;
  for (const runId of ["t-1", "t-2"]) await api.runs.start.mutate({ workflow: "trip", input: "{}", runId });
  await until(async () => (await api.runs.list.query({ filter: { status: ["completed"] } })).count === 2);

  const weekly = {
    channel: "team",
    to: ["ada@example.com", "grace@example.com"],
    weekday: 1,
    hour: 8,
    timeZone: "Asia/Kathmandu",
  };
  const saved = await api.boards.save.mutate({
    board: {
      name: "<b>Trips</b> & more",
      period: "24h",
      panels: [
        { kind: "figure", ...at("a"), figure: "completed", compare: "week" },
        { kind: "figure", ...at("b"), figure: "successRate" },
        { kind: "series", ...at("c", 2, 2), series: "durations" },
        { kind: "table", ...at("d", 2, 2), table: "workflows" },
        { kind: "table", ...at("e", 2, 2), table: "jobs" },
        { kind: "table", ...at("f", 2, 2), table: "errors" },
        { kind: "breakDown", ...at("g", 2, 2), of: "started", by: "workflow", show: "groups" },
        { kind: "breakDown", ...at("h", 2, 2), of: "ended", show: "slowest" },
        { kind: "breakDown", ...at("i", 2, 2), of: "ended", number: "output.total", show: "chart" },
        { kind: "goal", ...at("j"), goalId: "gone" },
        { kind: "sql", ...at("k"), queryId: "q", view: "table", title: "Salaries" },
      ],
    },
  });
  if (saved.outcome !== "saved") throw new Error("it is new");
  const { id } = saved.board;
  await expect(
    api.boards.schedule.mutate({ id, version: 1, weekly: { ...weekly, to: ["eve@elsewhere.example"] } }),
  ).rejects.toThrow("to addresses at example.com alone, not to eve@elsewhere.example");
  await api.boards.schedule.mutate({ id, version: 1, weekly });
  const many = Array.from({ length: 5 }, () =>
    api.boards.send.mutate({ id }).catch((error: Error) => error.message),
  );
  const answers = await Promise.all(many);
  const refused = answers.filter((answer) => typeof answer === "string");
  expect(refused).toHaveLength(4);
  for (const words of refused) expect(words).toMatch(/just now: try again in a moment/);
  expect(answers.find((answer) => typeof answer !== "string")).toMatchObject({
    outcome: "delivered",
    by: "ada",
    addresses: 2,
  });
  await expect(api.boards.send.mutate({ id })).rejects.toThrow("It was sent just now");

  expect(mails).toHaveLength(1);
  const [mail] = mails;
  const to = mail?.to;
  const data = read(mail?.data ?? "");
  expect(to).toEqual(weekly.to);
  expect(data).not.toMatch(/^Bcc:|^To:.*grace/m);
  const text = data.slice(data.indexOf("text/plain"), data.indexOf("text/html"));
  const html = data.slice(data.indexOf("text/html"));
  expect(text).toContain(`https://downbeat.example/public/default/boards/${id}`);
  expect(text).toMatch(/Completed\r?\n2/);
  expect(text).toMatch(/Success\r?\n100 %/);
  expect(text).toContain("Workflow | Started | Completed | Failed | Success | p95");
  expect(text).toMatch(/trip \| 2 \| 2 \| 0 \| 100 % \|/);
  expect(text).toMatch(/pay \| 0 \| 0 \| 2 \| 0 \|/);
  expect(text).toContain("No attempt failed in this time.");
  expect(text).toContain("2 runs started.");
  expect(text).toMatch(/t-1 \| trip \|/);
  expect(text).toContain("Only support, operators and admins may see inputs, outputs and payloads.");
  expect(text).toContain("This goal was deleted.");
  expect(text).toMatch(/Salaries\r?\nResults of saved queries appear only on the board/);
  expect(html).toContain('<h1 style="font-size:20px">&lt;b&gt;Trips&lt;/b&gt; &amp; more</h1>');
  expect(html).not.toContain("<b>Trips");

  const { mails: sent, mailChannels } = await api.boards.list.query();
  expect(mailChannels).toEqual(["team"]);
  expect(sent[id]).toMatchObject([{ outcome: "delivered", by: "ada", addresses: 2 }]);
  // What somebody did is in the audit as well; to whom is not.
  await vi.waitFor(
    async () => {
      const { entries } = await api.audit.list.query({});
      expect(entries).toContainEqual(
        expect.objectContaining({ verb: "boards.send", on: [{ what: "board", id }] }),
      );
      expect(JSON.stringify(entries)).not.toContain("grace@example.com");
    },
    { timeout: 60_000, interval: 200 },
  );
});

test("what can't be sent says why", { timeout: 240_000 }, async () => {
  await using engineering = await openEngineering();
  await using server = await startServer({ DOWNBEAT_LOG_URL: engineering.url });
  const { api } = server;
  const board = { name: "Trips", period: "24h" as const, panels: [] };
  const weekly = { channel: "team", to: ["ada@example.com"], weekday: 1, hour: 8, timeZone: "UTC" };
  await until(async () => (await api.boards.list.query()).boards.length === 0);
  await expect(api.boards.send.mutate({ id: "none" })).rejects.toThrow("There is no such board.");
  const saved = await api.boards.save.mutate({ board });
  if (saved.outcome !== "saved") throw new Error("it is new");
  const { id } = saved.board;
  await expect(api.boards.send.mutate({ id })).rejects.toThrow("It has no schedule");
  await expect(
    api.boards.schedule.mutate({ id, version: 1, weekly: { ...weekly, timeZone: "Mars" } }),
  ).rejects.toThrow("does not know the time zone");
  await api.boards.schedule.mutate({ id, version: 1, weekly });
  await expect(api.boards.send.mutate({ id })).rejects.toThrow("no e-mail channel called team");
});
