import { type AcceptCursor, emptyCursor } from "@downbeat/domain";
import { type MessageLog, readRange } from "@downbeat/message-log";
import { ManualClock } from "@downbeat/message-log/testing";
import { readHistory, topics } from "@downbeat/protocol";
import fc from "fast-check";
import { expect, test } from "vitest";
import { HistoryFollower } from "../src/client/history-follower.ts";
import { openTestLog, until } from "./open-log.ts";
import { endOf, Owner } from "./owner.ts";

/** What an owner, the one before it, and one that comes up may append next. */
const steps = fc.array(
  fc.oneof(
    { weight: 12, arbitrary: fc.constant("record") },
    { weight: 2, arbitrary: fc.constant("claim") },
    { weight: 2, arbitrary: fc.constant("fenced") },
    { weight: 1, arbitrary: fc.constant("staleClaim") },
  ),
  { minLength: 1, maxLength: 60 },
);

/** The runs that the follower tells of, those that the accept rule lets count, both in their order, and what it could not read. */
async function told(scenario: readonly string[], joinsAt: number) {
  await using opened = await openTestLog(1);
  const owner = new Owner(opened.log);
  const clock = new ManualClock();
  const settled: string[] = [];
  let follower: HistoryFollower | undefined;
  let epoch = 1;
  let fencedLast: string | undefined;
  await owner.claim(0, epoch);
  let last = await owner.record(0, endOf("first"));
  for (const [index, step] of scenario.entries()) {
    if (index === joinsAt) {
      follower = new HistoryFollower(opened.log, 0, {
        clock,
        reconnect: {},
        onDecisions: () => {},
        onSettled: (decisions) => settled.push(...decisions.map(({ runId }) => runId)),
        isAwaited: () => true,
        onProblem: () => {},
      });
      await follower.ready;
    }
    if (step === "claim") {
      fencedLast = last;
      await owner.claim(0, ++epoch);
    } else if (step === "record") last = await owner.record(0, endOf(`r${index}`));
    else {
      // Of somebody else: who wrote last goes on from there.
      const other = new Owner(opened.log);
      if (step === "staleClaim") await other.claim(0, 1, `stale-${index}`);
      else if (step === "garbage") await garbage(opened.log);
      else if (fencedLast !== undefined) fencedLast = await other.record(0, endOf(`f${index}`), fencedLast);
    }
  }
  const end = await opened.log.lastPosition(topics.history(0));
  if (follower !== undefined) {
    await until(() => follower?.hasRead(end) === true);
    await clock.advance(250);
    await follower.close();
  }
  const counted: string[] = [];
  let cursor: AcceptCursor = emptyCursor;
  if (end !== undefined)
    await readRange(opened.log, topics.history(0), { from: "earliest", to: end }, (message) => {
      const reading = readHistory(cursor, message);
      cursor = reading.cursor;
      if (reading.type === "decisions") counted.push(...reading.record.decisions.map(({ runId }) => runId));
      return false;
    });
  return { settled, counted, unreadable: follower?.unreadable };
}

async function garbage(log: MessageLog): Promise<void> {
  const producer = await log.openProducer(topics.history(0));
  await producer.send({ payload: Buffer.from("no record") });
  await producer.close();
}

test("whoever joins history in its midst is told of all that counts from then on, in its order", {
  timeout: 120_000,
}, async () => {
  await fc.assert(
    fc.asyncProperty(steps, fc.nat(), async (scenario, from) => {
      const joinsAt = from % scenario.length;
      const { settled, counted } = await told(scenario, joinsAt);
      const since = counted.filter((runId) => Number(runId.slice(1)) >= joinsAt);
      expect(settled.filter((runId) => runId.startsWith("r"))).toEqual(since);
    }),
    {
      numRuns: 60,
      examples: [
        [Array(40).fill("record"), 0],
        [["record", "claim", "fenced", "record"], 0],
      ],
    },
  );
});

test("a record behind a claim that came after its own does not count, as soon as that claim is known to", async () => {
  const { settled } = await told(["claim", "record", "claim", "fenced", "record", "record"], 0);
  expect(settled).toEqual(["r1", "r4", "r5"]);
  expect((await told(["claim", "claim", "record", "record"], 0)).settled).toEqual(["r2", "r3"]);
});

test("what can't be read is counted, and what doesn't count isn't, from the first record on and later", async () => {
  const known = ["claim", "record", "record"];
  expect(await told([...known, "claim", "record", "fenced", "staleClaim", "record"], 0)).toMatchObject({
    settled: ["r1", "r2", "r4", "r7"],
    unreadable: 0,
  });
  expect(await told(["garbage", "record"], 0)).toMatchObject({ settled: ["r1"], unreadable: 1 });
  expect(await told([...known, "garbage", "record", "garbage"], 0)).toMatchObject({ unreadable: 2 });
});
