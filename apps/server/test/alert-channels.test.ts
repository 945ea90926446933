import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, onTestFinished, test } from "vitest";
import { readAlertConfig } from "../src/alerts/channel-config.ts";
import { ConfiguredChannels } from "../src/alerts/channels.ts";
import type { AlertNote } from "../src/alerts/note.ts";
import { signature } from "../src/alerts/send-webhook.ts";
import { mailServer } from "./mail-server.ts";

const directory = mkdtempSync(join(tmpdir(), "downbeat-alerts-"));
afterAll(() => rmSync(directory, { recursive: true }));

let files = 0;
function configured(channels: object, more: object = {}, env: Record<string, string> = {}) {
  const file = join(directory, `channels-${files++}.json`);
  writeFileSync(file, JSON.stringify({ channels, ...more }));
  return new ConfiguredChannels(readAlertConfig(file, env), "public/default", () => 1_700_000_000_500);
}

const note: AlertNote = {
  id: "rule/1",
  of: "opened",
  namespace: "public/default",
  ruleId: "rule",
  name: "Stuck 予約",
  sentence: "3 runs <b> & more\r\nBcc: all@example.com",
  openedAt: 1_700_000_000_000,
  resolvedAt: undefined,
  url: "https://downbeat.example/public/default/alerts",
};

/** Answers with that status. */
async function receiver(status = 200) {
  const got: { readonly url: string; readonly headers: IncomingHttpHeaders; readonly body: string }[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      got.push({
        url: request.url ?? "",
        headers: request.headers,
        body: Buffer.concat(chunks).toString(),
      });
      response.writeHead(status, { location: "http://127.0.0.1:1/elsewhere" }).end("{}");
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  return { got, url: `http://127.0.0.1:${port}/hook?key=very-secret` };
}

test("a webhook gets JSON, signed as Standard Webhooks says", async () => {
  const { got, url } = await receiver();
  const secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
  await configured({ hook: { kind: "webhook", url, secret } }).send("hook", note);
  const headers: IncomingHttpHeaders = got[0]?.headers ?? {};
  const body = got[0]?.body ?? "";
  expect(headers["webhook-id"]).toBe("rule/1/opened");
  expect(headers["webhook-timestamp"]).toBe("1700000000");
  expect(headers["webhook-signature"]).toBe(`v1,${signature(secret, `rule/1/opened.1700000000.${body}`)}`);
  expect(JSON.parse(body)).toMatchObject({
    type: "alert.opened",
    data: { rule: { id: "rule", name: "Stuck 予約" }, message: note.sentence },
  });
});

test("the signature is the one of the specification's example", () => {
  // https://github.com/standard-webhooks/standard-webhooks: its libraries' tests
  const secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
  const content = 'msg_p5jXN8AQM9LWM0D4loKWxJek.1614265330.{"test": 2432232314}';
  expect(signature(secret, content)).toBe("g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
});

test("a chat gets text in which nothing is a mark of its own", async () => {
  const { got, url } = await receiver();
  await configured({ chat: { kind: "slack", url } }).send("chat", note);
  expect(JSON.parse(got[0]?.body ?? "")).toEqual({
    text: "Alert: Stuck 予約 (public/default)\n3 runs &lt;b&gt; &amp; more Bcc: all@example.com\nhttps://downbeat.example/public/default/alerts",
  });
});

test("Alertmanager is told for five minutes, and of an end at once", async () => {
  const { got, url } = await receiver();
  const channels = configured({ manager: { kind: "alertmanager", url: new URL(url).origin } });
  await channels.send("manager", note);
  await channels.send("manager", { ...note, of: "resolved", resolvedAt: 1_700_000_000_200 });
  expect(got.map((one) => one.url)).toEqual(["/api/v2/alerts", "/api/v2/alerts"]);
  const [opened, resolved] = got.map(({ body }) => JSON.parse(body)[0]);
  expect(opened).toMatchObject({
    labels: { alertname: "Stuck 予約", namespace: "public/default", rule: "rule" },
    startsAt: "2023-11-14T22:13:20.000Z",
    endsAt: "2023-11-14T22:18:20.500Z",
  });
  expect(resolved).toMatchObject({ labels: opened.labels, endsAt: "2023-11-14T22:13:20.200Z" });
});

test("mail has its subject in one line, whatever the rule is called, and goes to all", async () => {
  const { mails, url } = await mailServer();
  const channels = configured(
    {
      mail: {
        kind: "email",
        server: { env: "MAIL_SERVER" },
        from: "Downbeat <downbeat@example.com>",
        to: ["ops@example.com", "ada@example.com"],
      },
    },
    {},
    { MAIL_SERVER: url },
  );
  await channels.send("mail", { ...note, name: "Stuck\r\nBcc: all@example.com" });
  expect(mails).toHaveLength(1);
  expect(mails[0]?.to).toEqual(["ops@example.com", "ada@example.com"]);
  expect(mails[0]?.data).toMatch(/^Subject: Alert: Stuck Bcc: all@example\.com \(public\/default\)\r$/m);
  expect(mails[0]?.data).not.toMatch(/^Bcc:/m);
});

test("what was not delivered says why, and nothing of the address", async () => {
  for (const [status, why] of [
    [500, "It answered 500."],
    [302, "It answered 302."],
  ] as const) {
    const { url } = await receiver(status);
    await expect(configured({ hook: { kind: "webhook", url } }).send("hook", note)).rejects.toThrow(why);
  }
  const closed = createServer();
  await new Promise<void>((resolve) => closed.listen(0, "127.0.0.1", resolve));
  const { port } = closed.address() as AddressInfo;
  await new Promise((resolve) => closed.close(resolve));
  const away = configured({
    hook: { kind: "webhook", url: `http://127.0.0.1:${port}/?key=very-secret` },
    mail: {
      kind: "email",
      server: `smtp://ada:very-secret@127.0.0.1:${port}`,
      from: "a@b.example",
      to: ["c@d.example"],
    },
  });
  for (const channel of ["hook", "mail"]) {
    const error = await away.test(channel, "ada").catch((reason: Error) => reason);
    expect(error).toMatchObject({ code: "unavailable" });
    expect(String(error)).toMatch(/It was not delivered\. .*(ECONNREFUSED|ESOCKET)\.$/);
    expect(String(error)).not.toContain("very-secret");
  }
  await expect(away.test("none", "ada")).rejects.toThrow("no channel called none");
  expect(JSON.stringify(away.all)).not.toContain("very-secret");
});

test("a configuration that can't be used says where and why, and repeats no secret", () => {
  const fails = (content: string, env: Record<string, string> = {}) => {
    const file = join(directory, `bad-${files++}.json`);
    writeFileSync(file, content);
    return () => readAlertConfig(file, env);
  };
  expect(() => readAlertConfig(join(directory, "none.json"), {})).toThrow(
    /none\.json can't be read \(ENOENT\)/,
  );
  expect(fails('{"hunter2": ')).toThrow(/can't be used: it is no JSON from line 1, column 13 on\.$/);
  for (const kind of ["webhook", "slack", "alertmanager"])
    for (const url of ["https://ada:hunter2@alerts.example.com", "https://hunter2@alerts.example.com"]) {
      const given = fails(JSON.stringify({ channels: { ops: { kind, url } } }));
      expect(given).toThrow("channels.ops.url has a user's name or password in it");
      expect(given).not.toThrow("hunter2");
    }
  expect(fails('{"channels":{"a b":{"kind":"slack","url":"https://x.example"}}}')).toThrow("channels");
  expect(fails('{"channels":{"a":{"kind":"pigeon"}}}')).toThrow("channels.a.kind");
  expect(fails('{"channels":{"a":{"kind":"slack","url":"very-secret"}}}')).toThrow(
    /channels\.a\.url is no address that begins with https:\/\/ or http:\/\/\.$/,
  );
  expect(fails('{"channels":{"a":{"kind":"slack","url":{"env":"CHAT_URL"}}}}')).toThrow(
    "needs the variable CHAT_URL, which is not set",
  );
  const key = join(directory, "key");
  writeFileSync(key, "https://chat.example/very-secret\n");
  chmodSync(key, 0o600);
  const file = join(directory, "good.json");
  writeFileSync(file, JSON.stringify({ channels: { a: { kind: "slack", url: { file: key } } } }));
  expect(readAlertConfig(file, {}).channels.get("a")).toEqual({
    kind: "slack",
    url: "https://chat.example/very-secret",
  });
});
