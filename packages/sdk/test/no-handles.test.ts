import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { encodeJobMessage, parseInboxMessage, topics } from "@downbeat/protocol";
import { expect, test } from "vitest";
import { client } from "../src/client/index.ts";
import { worker } from "../src/worker/index.ts";
import { CalendarClock } from "./calendar-clock.ts";
import { collect, openTestLog, until } from "./open-log.ts";

const dayMs = 86_400_000;

test("a process whose worker is stopped and whose client is closed ends by itself, whatever both were waiting for", {
  timeout: 60_000,
}, async () => {
  const child = fileURLToPath(new URL("no-handles-child.ts", import.meta.url));
  // Ended by force, it would fail here: the attempts there may take an hour.
  const { stdout } = await promisify(execFile)(process.execPath, [child], { timeout: 45_000 });
  expect(JSON.parse(stdout)).toEqual(Array(4).fill("NoAnswerError"));
});

test("a worker that is stopped while it starts goes on with nothing, and says nothing", {
  timeout: 180_000,
}, async () => {
  const child = fileURLToPath(new URL("stopped-early-child.ts", import.meta.url));
  const { stdout } = await promisify(execFile)(process.execPath, [child], { timeout: 150_000 });
  const { problems, stopped }: { problems: string[]; stopped: number } = JSON.parse(stdout);
  expect(problems).toEqual([]);
  expect(stopped).toBeGreaterThan(4);
});

test("an attempt that may take 60 days takes them", async () => {
  await using opened = await openTestLog();
  const clock = new CalendarClock(Date.UTC(2026, 0, 1));
  let isBegun = false;
  const hosted = worker({
    log: opened.connect(),
    clock,
    jobs: {
      long: () => {
        isBegun = true;
        return new Promise(() => {});
      },
    },
  });
  await hosted.ready;
  const producer = await opened.log.openProducer(topics.jobs("long"));
  const names = { runId: "r", jobId: "j1", workflow: "w", jobType: "long", idempotencyKey: "r/j1" };
  await producer.send({
    payload: encodeJobMessage({ ...names, attempt: 1, input: "1", startToCloseMs: 60 * dayMs }),
  });
  const commands = await collect(
    opened.log,
    [topics.inbox(0), topics.inbox(1)],
    ({ payload }) => parseInboxMessage(payload).commands,
  );
  const failed = () => commands.filter(({ type }) => type === "FailAttempt");
  await until(() => isBegun);
  clock.pass(59 * dayMs);
  await until(() => commands.length > 0);
  expect(failed()).toEqual([]);
  clock.pass(dayMs);
  await until(() => failed().length > 0);
  expect(failed()).toMatchObject([
    { failure: { message: `The handler did not finish within ${60 * dayMs} ms.`, timeout: "startToClose" } },
  ]);
  const stopping = hosted.stop({ graceMs: 0 });
  clock.pass(dayMs);
  await stopping;
});

test("a result is waited for 60 days, and an answer too, where they were asked for", async () => {
  await using opened = await openTestLog(1);
  const clock = new CalendarClock(Date.UTC(2026, 0, 1));
  const c = client({ log: opened.log, clock, answerWithin: "60 days" });
  const ends: string[] = [];
  const waiting = [c.run("r").result({ timeout: "60 days" }), c.run("r").cancel("because")].map((wait) =>
    wait.catch((error: Error) => ends.push(error.message)),
  );
  await c.follow("r");
  clock.pass(59 * dayMs);
  await c.follow("r");
  expect(ends).toEqual([]);
  clock.pass(dayMs);
  await Promise.all(waiting);
  expect(ends).toEqual(
    expect.arrayContaining([
      `Run r has not ended within ${60 * dayMs} ms.`,
      expect.stringContaining(`within ${60 * dayMs} ms`),
    ]),
  );
  await c.close();
});
