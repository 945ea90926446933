import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type EmbeddedLog, openEmbeddedLog } from "@downbeat/embedded-log";
import { topics } from "@downbeat/protocol";
import type { AttentionList } from "@downbeat/read-model/views";
import { afterAll, afterEach, beforeEach, expect, test } from "vitest";
import type { Context } from "../context.ts";
import { nothingMasked } from "../masking/nothing-masked.ts";
import { listMarkedCauses } from "../usecases/list-marked-causes.ts";
import { MarkCause, markCause } from "../usecases/mark-cause.ts";
import { CauseMarks } from "./cause-marks.ts";

const directory = mkdtempSync(join(tmpdir(), "downbeat-causes-"));
let log: EmbeddedLog;
let files = 0;
const opened: CauseMarks[] = [];

beforeEach(async () => {
  log = await openEmbeddedLog({ file: join(directory, `log-${files++}.db`) });
});

afterEach(async () => {
  await Promise.all(opened.splice(0).map((marks) => marks.close()));
  await log.close();
});

afterAll(() => rmSync(directory, { recursive: true }));

const group = {
  fingerprint: "abc",
  kind: "job",
  jobType: "bookHotel",
  errorName: "Timeout",
  message: "no answer",
  lastSeen: 900,
} as AttentionList["groups"][number];

/** A server on the log, at 1,000. */
function server(actor = "ada", groups: AttentionList["groups"] = [group], now = 1_000): Context {
  let id = 0;
  const causeMarks = new CauseMarks({ log: log.connect(), patienceMs: 5_000, firstReadMs: 5_000 });
  opened.push(causeMarks);
  return {
    ...nothingMasked,
    causeMarks,
    actor,
    now: () => now,
    newId: () => `${actor}-${++id}`,
    waits: { causes: async () => [] },
    readModel: {
      attention: () => ({ groups }),
      causeStandings: (marks: readonly unknown[]) => marks.map(() => ({ standing: "open" })),
    },
  } as unknown as Context;
}

const mark = (context: Context, input: Partial<Parameters<typeof markCause>[1]>) =>
  markCause(context, { fingerprint: "abc", version: 0, ...input });

test("what one says of a cause, everybody on every server is told, whole and with who said it", async () => {
  const [ada, grace] = [server("ada"), server("grace")];
  expect(await grace.causeMarks.forLooking()).toEqual([]);
  await mark(ada, { mutedUntil: 5_000, note: "The hotel knows.", ticket: "https://tickets.example/7" });
  const said = {
    fingerprint: "abc",
    version: 1,
    by: "ada",
    at: 1_000,
    about: { title: "bookHotel", message: "Timeout: no answer" },
    mutedUntil: 5_000,
    note: "The hotel knows.",
    ticket: "https://tickets.example/7",
  };
  expect(await grace.causeMarks.upToNow()).toEqual([said]);
  expect(await server("third").causeMarks.forLooking()).toEqual([said]);
  expect((await listMarkedCauses(server())).causes).toEqual([{ mark: said, standing: "open" }]);
});

test("what is not given stays, null takes it away, and what says nothing any more is no mark", async () => {
  const ada = server();
  await mark(ada, { note: "We know." });
  expect(await mark(ada, { version: 1, resolved: true })).toMatchObject({
    outcome: "marked",
    mark: { version: 2, note: "We know.", resolvedAt: 1_000 },
  });
  const { mark: third } = await mark(ada, { version: 2, note: null, resolved: false });
  expect([third.note, third.resolvedAt, third.version]).toEqual([undefined, undefined, 3]);
  expect(await server().causeMarks.upToNow()).toEqual([]);
  // It keeps its version, so that nobody says something unknowingly of what they had seen before.
  expect((await mark(ada, { version: 2, note: "again" })).outcome).toBe("conflict");
});

test("of a cause of which everything that was said is taken away one says something as of one that was never marked", async () => {
  const [ada, grace] = [server("ada"), server("grace")];
  for (let said = 0; said < 3; said++) {
    const seen = (await listMarkedCauses(grace)).causes.find(({ mark }) => mark.fingerprint === "abc");
    const muted = await mark(grace, { version: seen?.mark.version ?? 0, mutedUntil: 5_000 });
    expect(muted).toMatchObject({ outcome: "marked", mark: { version: 2 * said + 1, mutedUntil: 5_000 } });
    await mark(ada, { version: muted.mark.version, mutedUntil: null });
    expect((await listMarkedCauses(grace)).causes).toEqual([]);
  }
  const both = await Promise.all([mark(ada, { note: "Ada's." }), mark(grace, { note: "Grace's." })]);
  expect(both.map(({ outcome }) => outcome).sort()).toEqual(["conflict", "marked"]);
});

test("of two who say something of one cause the second is told what the first said, and nothing is changed", async () => {
  const [ada, grace] = [server("ada"), server("grace")];
  const both = await Promise.all([
    mark(ada, { note: "Ada is at it." }),
    mark(grace, { note: "Grace is at it." }),
  ]);
  expect(both.map(({ outcome }) => outcome).sort()).toEqual(["conflict", "marked"]);
  const [there] = await server().causeMarks.upToNow();
  for (const answer of both) expect(answer.mark).toEqual(there);
});

test("what was seen when it was resolved is meant, though the engine's clock is ahead of the server's", async () => {
  const answer = await mark(server("ada", [{ ...group, lastSeen: 1_200 }]), { resolved: true });
  expect(answer.mark.resolvedAt).toBe(1_200);
});

test("a cause of which nothing is left can be told of where something was said before, and not where nothing was", async () => {
  await mark(server(), { resolved: true });
  const later = server("grace", []);
  expect(await mark(later, { version: 1, note: "It was the firewall." })).toMatchObject({
    mark: { about: { title: "bookHotel" }, note: "It was the firewall." },
  });
  await expect(mark(later, { fingerprint: "none", note: "?" })).rejects.toThrow(
    "Nothing falls under the cause none any more.",
  );
});

test("of a cause that was only muted nothing is said any more when that is over, and what was noted besides stays", async () => {
  const ada = server();
  await mark(ada, { mutedUntil: 5_000 });
  const held = { ...group, fingerprint: "held:run:b" };
  await mark(server("ada", [held]), { fingerprint: "held:run:b", mutedUntil: 5_000, note: "We know." });
  const listedAt = async (now: number) =>
    (await listMarkedCauses(server("grace", [], now))).causes.map((cause) => cause.mark.fingerprint);
  expect(await listedAt(4_999)).toEqual(["abc", "held:run:b"]);
  expect(await listedAt(5_000)).toEqual(["held:run:b"]);
  // Whoever sees nothing said of it, and whoever has looked at it since before, says something of it.
  const [one, other] = [server("grace", [group], 6_000), server("linus", [group], 6_000)];
  const again = await mark(one, { mutedUntil: 9_000 });
  expect(again).toMatchObject({ outcome: "marked", mark: { version: 2, mutedUntil: 9_000 } });
  expect((await mark(other, { version: 1, note: "It is back." })).outcome).toBe("conflict");
});

test("a cause is called what the list calls it, also when nothing of it is left", async () => {
  const of = async (parts: object) => {
    const named = { fingerprint: "abc", message: "It is held.", lastSeen: 900, ...parts };
    const context = server("ada", [named as AttentionList["groups"][number]]);
    const [before] = await context.causeMarks.upToNow();
    await mark(context, { version: before?.version ?? 0, note: "We know.", resolved: true });
    const [after] = await context.causeMarks.upToNow();
    return after?.about.title;
  };
  expect(await of({ kind: "held", workflow: "downbeat-bulk" })).toBe("Bulk action held");
  expect(await of({ kind: "history" })).toBe("Damaged history");
  expect(await of({ kind: "noHost", workflow: "bookTrip" })).toBe("bookTrip");
  expect(await of({ kind: "code" })).toBe("Workflow code");
  expect(await of({ kind: "noWorker", jobType: "bookHotel" })).toBe("bookHotel");
});

test("what can't be meant is refused in words", async () => {
  const ada = server();
  await expect(mark(ada, { mutedUntil: 1_000 })).rejects.toThrow("until a moment that is to come");
  await expect(mark(ada, { mutedUntil: 400 * 86_400_000 })).rejects.toThrow("a year at most");
  const script = { fingerprint: "abc", version: 0, ticket: "javascript:alert(1)" };
  expect(MarkCause.safeParse(script).success).toBe(false);
  expect(MarkCause.safeParse({ ...script, ticket: "" }).success).toBe(true);
  expect(MarkCause.safeParse({ fingerprint: "abc", version: 0, note: "x".repeat(2_001) }).success).toBe(
    false,
  );
});

test("what is no such message in the topic is passed over", async () => {
  const producer = await log.connect().openProducer(topics.causeMarks);
  await producer.send({ payload: Buffer.from("not even JSON") });
  await producer.send({ payload: Buffer.from('{"type":"marked"}') });
  await mark(server(), { note: "We know." });
  expect(await server().causeMarks.upToNow()).toHaveLength(1);
});

test("a log that does not tell keeps nobody from seeing what needs them, and is said to whoever marks", async () => {
  const context = server();
  await log.close();
  const marks = new CauseMarks({ log: log.connect(), patienceMs: 50, firstReadMs: 20 });
  opened.push(marks);
  expect(await marks.forLooking()).toEqual([]);
  expect(marks.isRead).toBe(false);
  await expect(mark(context, { note: "x" })).rejects.toMatchObject({
    code: "unavailable",
    message: expect.stringContaining("keeps what people have said of causes"),
  });
  log = await openEmbeddedLog({ file: join(directory, "last.db") });
});
