import { chmodSync, mkdtempSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { until } from "@downbeat/message-log/testing";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type EmbeddedLog, type LogServer, LogToken, openEmbeddedLog, serve } from "../src/index.ts";
import { RawSocket } from "./raw-socket.ts";

let folder: string;
let file: string;
let log: EmbeddedLog;
let server: LogServer;
let troubles: string[];
const inFile = () => readFileSync(file, "utf8").trim();

async function start(): Promise<void> {
  const token = LogToken.in(file, { onTrouble: (sentence) => troubles.push(sentence) });
  server = await serve(log, { port: 0, token, operatorToken: "operator" });
}

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "downbeat-log-token-"));
  file = join(folder, "log.token");
  troubles = [];
  log = await openEmbeddedLog({ file: ":memory:" });
  await start();
});
afterEach(async () => {
  await server.close();
  await log.close();
  rmSync(folder, { recursive: true });
});

interface Answer {
  readonly status: number;
  readonly body: string;
  readonly asks: string | undefined;
}

function ask(method: string, path: string, authorization?: string, body?: string): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const headers = authorization === undefined ? {} : { authorization };
    const sent = request({ method, path, host: "127.0.0.1", port: server.port, headers }, (response) => {
      let text = "";
      response.on("data", (chunk: Buffer) => {
        text += chunk.toString();
      });
      response.on("end", () =>
        resolve({
          status: response.statusCode ?? 0,
          body: text,
          asks: response.headers["www-authenticate"],
        }),
      );
    });
    sent.on("error", reject);
    sent.end(body);
  });
}

const open = (path: string, authorization?: string) =>
  RawSocket.open(`${server.url}/ws/v2/${path}`, authorization === undefined ? {} : { authorization });

const topic = "persistent/public/default/t";
const admin = `/admin/v2/${topic}`;

/** All that there is to be asked. */
const requests: readonly { readonly method: string; readonly path: string; readonly body?: string }[] = [
  { method: "GET", path: "/admin/v2/brokers/health" },
  { method: "GET", path: "/admin/v2/persistent/public/default" },
  { method: "GET", path: `${admin}/partitions` },
  { method: "PUT", path: `${admin}/partitions`, body: "2" },
  { method: "GET", path: `${admin}/lastMessageId` },
  { method: "GET", path: `${admin}/messageid/0` },
  { method: "GET", path: `${admin}/stats` },
  { method: "POST", path: "/admin/downbeat/backup", body: JSON.stringify({ directory: "/tmp/none" }) },
  { method: "GET", path: "/nothing/here" },
];
const sessions = [`producer/${topic}`, `reader/${topic}`, `consumer/${topic}/s`, "nothing/here"];

describe("a log that asks for its token", () => {
  test.each(requests)("refuses $method $path to who doesn't show it", async ({ method, path, body }) => {
    const right = inFile();
    const wrong = [
      undefined,
      "",
      "Bearer",
      "Bearer ",
      "Bearer wrong",
      `Bearer ${right.slice(0, -1)}`,
      `Bearer ${right}x`,
      `Bearer ${right} ${right}`,
      `Basic ${right}`,
      right,
    ];
    for (const authorization of wrong) {
      const answer = await ask(method, path, authorization, body);
      expect(answer).toMatchObject({ status: 401, asks: "Bearer" });
      expect(answer.body).not.toContain(right.slice(0, 8));
    }
    // Only the paths of the WebSocket API take it so, as in Pulsar.
    expect(await ask(method, `${path}?token=${right}`, undefined, body)).toMatchObject({ status: 401 });
    expect(log.topics()).toEqual([]);
  });

  test.each(sessions)("refuses the session %s to who doesn't show it", async (path) => {
    const right = inFile();
    const says = `401 This log asks for its token, which is in ${file}`;
    await expect(open(path)).rejects.toThrow(says);
    for (const wrong of ["Bearer wrong", `Bearer ${right}x`, `Basic ${right}`, right, ""])
      await expect(open(path, wrong)).rejects.toThrow(says);
    await expect(open(`${path}?token=wrong`)).rejects.toThrow(says);
    await expect(open(`${path}?token=`)).rejects.toThrow(says);
    // The header goes before the query.
    await expect(open(`${path}?token=${right}`, "Bearer wrong")).rejects.toThrow(says);
    expect(log.topics()).toEqual([]);
  });

  test("refuses whatever path is asked for, however it is written", async () => {
    const part = fc.oneof(
      fc.constantFrom(
        "admin",
        "v2",
        "persistent",
        "public",
        "default",
        "ws",
        "brokers",
        "health",
        "downbeat",
        "backup",
        "..",
        ".",
        "",
      ),
      fc.string({ maxLength: 8 }).map(encodeURIComponent),
      fc.constantFrom("%", "%2e%2e", "%2F", "%00"),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom("GET", "PUT", "POST", "DELETE", "HEAD", "OPTIONS"),
        fc.array(part, { maxLength: 8 }),
        async (method, parts) => {
          expect((await ask(method, `/${parts.join("/")}`)).status).toBe(401);
        },
      ),
    );
  });

  test("answers who shows it, in the header or, to a WebSocket, in the query", async () => {
    const right = `Bearer ${inFile()}`;
    expect((await ask("PUT", `${admin}opics/partitions`, right, "2")).status).toBe(204);
    expect((await ask("GET", "/admin/v2/brokers/health", `bearer ${inFile()}`)).status).toBe(200);
    expect((await ask("GET", "/nothing/here", right)).status).toBe(404);
    for (const path of sessions.slice(0, 3)) {
      (await open(path, right)).close();
      (await open(`${path}${path.startsWith("consumer") ? "2" : ""}?token=${inFile()}`)).close();
    }
    await expect(open("nothing/here", right)).rejects.toThrow(/^404 /);
  });

  test("takes its operator's token for what is its operator's, and its own for nothing of that", async () => {
    const path = "/admin/downbeat/backup";
    const body = JSON.stringify({ directory: "" });
    expect((await ask("POST", path, "Bearer operator", body)).status).toBe(400);
    expect((await ask("POST", path, `Bearer ${inFile()}`, body)).status).toBe(401);
    expect((await ask("GET", "/admin/v2/brokers/health", "Bearer operator")).status).toBe(401);
  });

  test("is still closed to browsers, whatever they show", async () => {
    const url = `${server.url}/ws/v2/producer/${topic}?token=${inFile()}`;
    await expect(RawSocket.open(url, { origin: "https://evil.example" })).rejects.toThrow(/^403 /);
  });
});

describe("the token", () => {
  test("is 32 random bytes in a file for its owner alone, and the same after a restart", async () => {
    expect(Buffer.from(inFile(), "base64url")).toHaveLength(32);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const first = inFile();
    await server.close();
    await start();
    expect(inFile()).toBe(first);
    expect((await ask("GET", "/admin/v2/brokers/health", `Bearer ${first}`)).status).toBe(200);
  });

  test("may be one's own", async () => {
    await server.close();
    const own = "my-own-token-that-nobody-guesses.1";
    writeFileSync(file, `  ${own}\n`, { mode: 0o600 });
    await start();
    expect((await ask("GET", "/admin/v2/brokers/health", `Bearer ${own}`)).status).toBe(200);
  });

  test("is made anew where the file is empty, as a crash can leave it", () => {
    writeFileSync(file, "\n");
    LogToken.in(file);
    expect(inFile()).toMatch(/^[\w-]{43}$/);
  });

  test.each([0o644, 0o640, 0o660, 0o604])("is refused in a file of mode %o", (mode) => {
    chmodSync(file, mode);
    expect(() => LogToken.in(file)).toThrow(
      `The log's token in ${file} can't be used: others than its owner may read or write it: chmod 600, or delete it, and a new one is made.`,
    );
  });

  test("is refused where it is none, and not told", () => {
    for (const text of [
      "short",
      "two words that are long enough to be a token",
      "é".repeat(40),
      "x".repeat(1_001),
    ]) {
      writeFileSync(file, text);
      expect(() => LogToken.in(file)).toThrow(/one has 32 to 1,000 letters/);
      expect(() => LogToken.in(file)).not.toThrow(text);
    }
  });

  test("can't be made where nothing can be written", () => {
    expect(() => LogToken.in(join(folder, "none", "log.token"))).toThrow(
      /none\/log\.token can't be used: it can't be written \(ENOENT\)/,
    );
  });
});

describe("a token that is replaced while the log is served", () => {
  const next = "another-token-that-nobody-guesses.2";

  function replace(text = next): void {
    writeFileSync(`${file}.mine`, text, { mode: 0o600 });
    renameSync(`${file}.mine`, file);
  }

  test("is taken at once, and the one before no more", async () => {
    const before = `Bearer ${inFile()}`;
    replace();
    expect((await ask("GET", "/admin/v2/brokers/health", `Bearer ${next}`)).status).toBe(200);
    expect((await ask("GET", "/admin/v2/brokers/health", before)).status).toBe(401);
    await expect(open(`producer/${topic}`, before)).rejects.toThrow(/^401 /);
  });

  test("ends the sessions that were let in by the one before", async () => {
    const socket = await open(`reader/${topic}`, `Bearer ${inFile()}`);
    replace();
    expect(await socket.ended()).toMatchObject({ reason: "The log's token was replaced." });
  });

  test("is made anew where it was deleted", async () => {
    const before = inFile();
    const socket = await open(`reader/${topic}`, `Bearer ${before}`);
    rmSync(file);
    await socket.ended();
    expect(inFile()).not.toBe(before);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect((await ask("GET", "/admin/v2/brokers/health", `Bearer ${inFile()}`)).status).toBe(200);
  });

  test("is said not to be taken where others may read it, and the one before goes on", async () => {
    const before = `Bearer ${inFile()}`;
    const socket = await open(`reader/${topic}`, before);
    writeFileSync(`${file}.mine`, next, { mode: 0o644 });
    chmodSync(`${file}.mine`, 0o644);
    renameSync(`${file}.mine`, file);
    await until("it is said", () => troubles.length > 0);
    expect(troubles).toEqual([
      expect.stringMatching(
        /others than its owner may read or write it.* The log goes on asking for the one before\.$/,
      ),
    ]);
    expect((await ask("GET", "/admin/v2/brokers/health", before)).status).toBe(200);
    expect((await ask("GET", "/admin/v2/brokers/health", `Bearer ${next}`)).status).toBe(401);
    expect(socket.closed).toBeUndefined();
    chmodSync(file, 0o600);
    await socket.ended();
    expect((await ask("GET", "/admin/v2/brokers/health", `Bearer ${next}`)).status).toBe(200);
  });
});
