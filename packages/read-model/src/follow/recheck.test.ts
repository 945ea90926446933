import { position, systemClock } from "@downbeat/message-log";
import { expect, test } from "vitest";
import { Recheck } from "./recheck.ts";

function recheckThat(...answers: readonly (string | Error | undefined)[]) {
  const taken: number[] = [];
  const found: string[] = [];
  let asked = 0;
  const state = { isAtEnd: true };
  const recheck = new Recheck({
    clock: { ...systemClock, setTimer: (run) => systemClock.setTimer(run, 0) },
    check: async () => {
      const answer = answers[asked++];
      if (answer instanceof Error) throw answer;
      return answer;
    },
    isClosed: () => found.length > 0,
    isAtEnd: () => state.isAtEnd,
    onMismatch: (why) => void found.push(why),
  });
  const take = (ledger: number, entry: number) =>
    recheck.before(position(ledger, entry), () => void taken.push(entry));
  return { recheck, state, take, taken, found, asked: () => asked };
}

test("messages of one connection and segment are taken at once", () => {
  const { recheck, take, taken, asked } = recheckThat();
  recheck.stateChanged("connecting");
  recheck.stateChanged("connected");
  expect([take(1, 0), take(1, 1)]).toEqual([undefined, undefined]);
  expect(taken).toEqual([0, 1]);
  expect(asked()).toBe(0);
});

test("those of another segment or connection are taken in order once the topic is known to be the same, asked until that can be told", async () => {
  const { recheck, take, taken, asked } = recheckThat(new Error("away"), undefined, undefined);
  take(1, 0);
  await Promise.all([take(2, 1), take(2, 2)]);
  expect(taken).toEqual([0, 1, 2]);
  expect(asked()).toBe(2);
  recheck.stateChanged("connected");
  recheck.stateChanged("connecting");
  await take(2, 3);
  expect(taken).toEqual([0, 1, 2, 3]);
  expect(asked()).toBe(3);
});

test("nothing is taken of a topic that is another one", async () => {
  const { take, taken, found } = recheckThat("it begins differently");
  take(1, 0);
  await take(2, 1);
  expect(taken).toEqual([0]);
  expect(found).toEqual(["it begins differently"]);
});

test("on the way to the end of the log, which has many segments, only a new connection is looked at", async () => {
  const { recheck, state, take, taken, asked } = recheckThat(undefined);
  state.isAtEnd = false;
  recheck.stateChanged("connected");
  take(1, 0);
  expect(take(2, 1)).toBeUndefined();
  expect(asked()).toBe(0);
  recheck.stateChanged("connecting");
  await take(3, 2);
  expect(asked()).toBe(1);
  expect(taken).toEqual([0, 1, 2]);
});
