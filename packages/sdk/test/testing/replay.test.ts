import { expect, test } from "vitest";
import { BusinessError, job, workflow } from "../../src/index.ts";
import { HistoryDivergedError, replay } from "../../src/testing/index.ts";
import { bookHotel, bookTrip, environment, processPayment, trip } from "./travel.ts";

async function recorded() {
  const env = await environment();
  const run = await env.start(bookTrip, trip);
  env.after("1 hour", () => run.signal("approval", true));
  await run.result();
  return run.history();
}

/** Books before it pays. */
const otherOrder = workflow("bookTrip", async (run, { nights }: { nights: number }) => {
  await run.signal("approval", { timeout: "2 days" });
  const { room } = await run.job(bookHotel, { nights });
  await run.job(processPayment, { cents: 1 });
  return { room };
});

test("the code that made a history fits it, in each form in which it is exported", async () => {
  const history = await recorded();
  await replay(history, bookTrip);
  await replay(history.events, bookTrip);
  await replay(JSON.stringify(history), bookTrip);
  const page = {
    events: history.events.map((event) => ({ ...event, sentence: "…" })),
    total: 18,
    freshness: {},
  };
  await replay(JSON.parse(JSON.stringify(page)), bookTrip);
});

test("every beginning of a history fits as well", async () => {
  const { events } = await recorded();
  for (let length = 1; length <= events.length; length++) await replay(events.slice(0, length), bookTrip);
});

test("where history and code part, both sides are told", async () => {
  const history = await recorded();
  const problem = await replay(history, otherOrder).catch((error: unknown) => error);
  expect(problem).toBeInstanceOf(HistoryDivergedError);
  expect(problem).toMatchObject({
    seq: 7,
    history: "JobScheduled processPayment (j1)",
    code: "asks for the job bookHotel (j1)",
  });
  expect(String(problem)).toContain(
    "The code does not fit the history of bookTrip-1, from event 7 on.\n  history: JobScheduled processPayment (j1)\n  code:    asks for the job bookHotel (j1)",
  );
});

test("code that returns sooner, or goes on where history ends, does not fit", async () => {
  const history = await recorded();
  const sooner = workflow(
    "bookTrip",
    async (run) => void (await run.signal("approval", { timeout: "2 days" })),
  );
  await expect(replay(history, sooner)).rejects.toMatchObject({ code: "returns" });
  const longer = workflow("bookTrip", async (run, input: typeof trip) => {
    await bookTrip.execute(run, input);
    await run.sleep("1 day");
  });
  await expect(replay(history, longer)).rejects.toMatchObject({
    history: "RunCompleted",
    code: "asks for a timer (t2)",
  });
});

test("code that fails on the way does not fit, also where it failed in earnest", async () => {
  const env = await environment({ workflows: [workflow("bookTrip", async () => JSON.parse("{"))] });
  const run = await env.start("bookTrip", trip);
  const history = run.history();
  await expect(
    replay(
      history,
      workflow("bookTrip", async () => JSON.parse("{")),
    ),
  ).rejects.toMatchObject({
    history: "ends with RunStuck",
    code: expect.stringContaining("gets stuck: SyntaxError"),
  });
  await replay(
    history,
    workflow("bookTrip", async () => "mended"),
  );
});

test("runs that were undone, cancelled, terminated or resumed fit their code", async () => {
  const env = await environment();
  env.mock(bookHotel, () => {
    throw new BusinessError("HotelFull", "full");
  });
  const ends = {
    failed: await env.start(bookTrip, trip),
    cancelled: await env.start(bookTrip, trip),
    terminated: await env.start(bookTrip, trip),
  };
  await ends.failed.signal("approval", true);
  await ends.cancelled.cancel();
  await ends.terminated.terminate();
  for (const [status, run] of Object.entries(ends)) {
    expect(run.status).toBe(status);
    await replay(run.history(), bookTrip);
  }
});

test("a run whose code lives in workers fits: what happens while the code is asked comes to it after its answer", async () => {
  const [first, second, third] = [job("first"), job("second"), job("third")];
  const code = workflow("branches", async (run) => {
    const branch = run.job(first).then(() => run.job(third));
    await Promise.all([branch, run.job(second)]);
  });
  const scheduled = (jobId: string, jobType: string) => ({
    type: "JobScheduled",
    jobId,
    jobType,
    input: "null",
  });
  const completed = (jobId: string) => ({ type: "JobCompleted", jobId, output: "null" });
  const answered = (upTo: number) => ({ type: "CodeAnswered", upTo, answerId: `a${upTo}`, worker: "w-1" });
  const events = [
    { type: "RunStarted", workflow: "branches", input: "null", codeIn: "workers", rules: 2 },
    answered(1),
    scheduled("j1", "first"),
    scheduled("j2", "second"),
    completed("j1"),
    completed("j2"),
    answered(5),
    scheduled("j3", "third"),
    completed("j3"),
    answered(9),
    { type: "RunCompleted", output: "null" },
  ].map((event, index) => ({ seq: index + 1, at: 1_000, event }));
  for (let length = 1; length <= events.length; length++) await replay(events.slice(0, length), code);
  const other = workflow(
    "branches",
    async (run) => void (await Promise.all([run.job(second), run.job(first)])),
  );
  await expect(replay(events, other)).rejects.toMatchObject({ seq: 3, code: "asks for the job second (j1)" });
});

test("what is no history is refused, with where to get one", async () => {
  const { events } = await recorded();
  for (const odd of [undefined, 7, "{", [], {}, { events: [] }, [{ type: "RunStarted" }], events.slice(1)])
    await expect(replay(odd, bookTrip)).rejects.toThrow(
      /^That is no history to replay: .*runs show <run id> --events --json/,
    );
  await expect(replay([...events.slice(0, 2), ...events.slice(3)], bookTrip)).rejects.toThrow(
    "before number 4 is missing",
  );
  await expect(
    replay(
      events,
      workflow("other", async () => {}),
    ),
  ).rejects.toThrow("The history is one of bookTrip, and the code is that of other.");
  for (const odd of [undefined, null, "bookTrip", {}, () => {}])
    await expect(replay(events, odd as never)).rejects.toThrow(
      /^replay\(\) needs the workflow, as workflow\(\) made it/,
    );
});

test("a run's own id, random numbers and time are those of its history", async () => {
  const noted = job<{ id: string; uuid: string; random: number; at: number }>("noted");
  const odd = workflow("odd", async (run) => {
    const seen = { id: run.id, uuid: run.uuid(), random: run.random(), at: run.now().getTime() };
    if (seen.random < 2) await run.job(noted, seen);
    return seen;
  });
  const env = await environment({ workflows: [odd], jobs: { noted: () => {} } });
  const run = await env.start(odd);
  await run.result();
  await replay(run.history(), odd);
});
