import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { LogSource } from "@downbeat/cold-history";
import { partitionOf, type RunEvent } from "@downbeat/domain";
import { job, workflow } from "@downbeat/sdk";
import { client } from "@downbeat/sdk/client";
import { httpJobs } from "@downbeat/sdk/http";
import { expect, test } from "vitest";
import { openEngineering } from "./stack.ts";

const secret = "s3cr3t-P4ss";
const retry = { initialIntervalMs: 10, jitter: 0 };
const slow = job<number, string>("slow", {
  heartbeatMs: 500,
  startToCloseMs: 60_000,
  retry: { maxAttempts: 1 },
});
const busy = job<number, string>("busy", { retry });
const leaky = job<number, string>("leaky", { retry: { ...retry, maxAttempts: 3 }, whenExhausted: "fail" });
const refused = job<number, string>("refused");

const visit = workflow("visit", async (run) => {
  const first = await run.job(slow, 1);
  const second = await run.job(busy, 2);
  const third = await run.job(leaky, 3).catch((error: Error) => error.message);
  const fourth = await run.job(refused, 4).catch((error: Error) => `${error.name}: ${error.message}`);
  return [first, second, third, fourth];
});

test("a worker's HTTP jobs hold what is promised of them, by history's own times", {
  timeout: 60_000,
}, async () => {
  let asked = 0;
  const services: Record<string, (request: IncomingMessage, response: ServerResponse) => void> = {
    "/slow": (_, response) => void setTimeout(() => response.end('"slow"'), 1_600),
    "/busy": (_, response) => {
      asked += 1;
      if (asked > 1) return void response.end('"free"');
      response.writeHead(429, { "retry-after": "2" });
      response.end();
    },
    "/leaky": ({ headers }, response) => {
      response.writeHead(500);
      response.end(JSON.stringify(headers));
    },
    "/refused": (_, response) => {
      response.writeHead(402);
      response.end(JSON.stringify({ error: { message: "declined", business: true } }));
    },
  };
  const server = createServer((request, response) => services[request.url ?? ""]?.(request, response));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const origin = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  await using engineering = await openEngineering(["public/default"], {
    workflows: [visit],
    jobs: httpJobs({
      slow: { url: `http://${origin}/slow`, job: slow },
      busy: { url: `http://${origin}/busy`, job: busy },
      leaky: { url: `http://annabel:${secret}@${origin}/leaky`, job: leaky },
      refused: { url: `http://${origin}/refused`, headers: { "X-Key": `${secret}2` } },
    }),
  });
  const c = client({ log: engineering.log, answerWithin: "30 seconds" });
  const run = await c.start(visit, undefined, { runId: "visit" });
  const output = await run.result({ timeout: "40 seconds" });
  expect(output).toEqual(["slow", "free", expect.stringContaining("leaky"), "Http402: declined"]);

  const place = { runId: "visit", partition: partitionOf("visit", 2) };
  const asks = { who: "ada", signal: new AbortController().signal };
  const { value } = await new LogSource(engineering.log).run({ place, log: { partitions: 2 } }, asks);
  const events = value.steps.flatMap(({ at, events }) => events.map((event) => ({ at, event })));
  const of = <T extends RunEvent["type"]>(type: T, jobId: string) =>
    events.filter(({ event }) => event.type === type && "jobId" in event && event.jobId === jobId);
  expect(of("AttemptFailed", "j1")).toEqual([]);
  const [failed] = of("AttemptFailed", "j2");
  const [, again] = of("AttemptRequested", "j2");
  expect(failed?.event).toMatchObject({ failure: { name: "Http429" }, retryAt: (failed?.at ?? 0) + 2_000 });
  expect(again?.at).toBeGreaterThanOrEqual((failed?.at ?? 0) + 2_000);
  expect(of("AttemptFailed", "j3")).toHaveLength(3);
  expect(of("JobRejected", "j4")).toMatchObject([
    { event: { failure: { kind: "business", name: "Http402" } } },
  ]);
  const kept = JSON.stringify(events);
  expect(kept).toContain(`POST http://${origin}/leaky answered 500`);
  for (const part of [secret, "annabel", Buffer.from(`annabel:${secret}`).toString("base64")])
    expect(kept).not.toContain(part);
  await c.close();
  server.closeAllConnections();
  server.close();
});
