import { readFileSync, writeFileSync } from "node:fs";
import { expect, test } from "vitest";
import type { HttpJob } from "../src/http/index.ts";
import { answers, call, cutsOff, openService, type Serve, stalls, type Told, told } from "./http-service.ts";

/** Row by row of the table in docs/http-jobs.md, which is made of what is seen here. */
const cases: readonly [answer: string, serve: Serve, options?: Partial<HttpJob>][] = [
  ["200 with JSON", answers(200, { room: 7 })],
  ["204, or 2xx with an empty body: `null`", answers(204, "")],
  ["200 with what is no JSON", answers(200, "<html>")],
  ["200 with more than 393,216 bytes", answers(200, JSON.stringify("x".repeat(400_000)))],
  ["409", answers(409, "")],
  ["422", answers(422, "")],
  ['409 with `"business": false`', answers(409, { error: { message: "busy", business: false } })],
  [
    '402 with `"name": "CardDeclined", "business": true`',
    answers(402, { error: { name: "CardDeclined", business: true } }),
  ],
  [
    '402 with `"business": true`, and no name',
    answers(402, { error: { message: "declined", business: true } }),
  ],
  ['429 with `"business": true`', answers(429, { error: { message: "quota", business: true } })],
  ['500 with `"business": true`', answers(500, { error: { message: "down", business: true } })],
  ["408", answers(408, "")],
  ["425", answers(425, "")],
  ["429", answers(429, "")],
  ["429 with `Retry-After: 30`", answers(429, "", { "retry-after": "30" })],
  ["500", answers(500, "<html>")],
  [
    "503 with `Retry-After`, a date in two minutes",
    answers(503, "", {
      date: "Thu, 26 Nov 2026 10:00:00 GMT",
      "retry-after": "Thu, 26 Nov 2026 10:02:00 GMT",
    }),
  ],
  ["503 with `Retry-After: 9999999`", answers(503, "", { "retry-after": "9999999" })],
  ['503 with `"name": "Down"`', answers(503, { error: { name: "Down" } })],
  ["400", answers(400, { error: { message: "nights is missing" } })],
  ["404", answers(404, "")],
  ["302, or another redirect", answers(302, "", { location: "/elsewhere" })],
  ["no connection", () => {}, { url: "http://127.0.0.1:1/book" }],
  ["the connection is lost", (request) => request.socket.destroy()],
  ["nothing within `timeoutMs`", () => {}, { timeoutMs: 30 }],
  ["200, and a body that stalls", stalls(200), { timeoutMs: 150 }],
  ["200, and a body that is cut off", cutsOff(200)],
  ["409, and a body that is cut off", cutsOff(409)],
];

const meanings: Readonly<Record<Told["kind"], readonly [string, string]>> = {
  result: ["the job's result", ""],
  business: ["business failure", "no other attempt; thrown into the workflow code"],
  technical: ["technical failure", "tried again by the job's policy"],
  invalid: ["trying again can't help", "not tried again; the job is stuck (or fails, as it says)"],
};

const begin =
  "<!-- What a test saw: UPDATE_DOCS=1 npx vitest run packages/sdk/test/http-answers.test.ts -->\n";
const end = "<!-- end -->";
const docs = new URL("../../../docs/http-jobs.md", import.meta.url);

test("the table of what an answer means says what is so", async () => {
  await using service = await openService();
  const rows = ["| answer | meaning | its name | then |", "| --- | --- | --- | --- |"];
  for (const [answer, serve, options] of cases) {
    service.serve = serve;
    const { kind, name, retryAfterMs } = await told(call({ url: service.url, ...options }));
    const [meaning, then] = meanings[kind];
    const later =
      retryAfterMs === undefined ? "" : `, after ${(retryAfterMs / 1_000).toLocaleString("en")} s or later`;
    rows.push(`| ${answer} | ${meaning} | ${name === undefined ? "" : `\`${name}\``} | ${then}${later} |`);
  }
  const now = `${begin}${rows.join("\n").replaceAll("|  |", "| |")}\n`;
  const text = readFileSync(docs, "utf8");
  const from = text.indexOf(begin);
  const to = text.indexOf(end);
  expect([from, to].every((index) => index > 0)).toBe(true);
  if (process.env.UPDATE_DOCS !== undefined)
    writeFileSync(docs, `${text.slice(0, from)}${now}${text.slice(to)}`);
  else expect(text.slice(from, to)).toBe(now);
});
