import { expect, test } from "vitest";
import {
  type AskedQuestion,
  mostQuestionBytes,
  parseQuestionMessage,
  questionKey,
  questionMessageOf,
  questionParts,
} from "./question-message.ts";

function asked(sizes: readonly number[]): AskedQuestion {
  const events = sizes.map((size, index) => ({
    seq: index + 1,
    at: 1,
    event: { type: "RunStarted" as const, workflow: "order", input: JSON.stringify("é".repeat(size / 2)) },
  }));
  return {
    runId: "r",
    workflow: "order",
    upTo: sizes.length,
    attempt: 1,
    events,
  } as unknown as AskedQuestion;
}

test("a short question is one piece, and says nothing of pieces", () => {
  const question = asked([10, 10]);
  expect(questionParts(question)).toEqual([JSON.stringify(question)]);
  expect(questionParts(asked([]))).toHaveLength(1);
});

test("a long one is in numbered pieces, each of which a message takes, with all its events in their order", () => {
  const large = Math.floor(mostQuestionBytes * 0.6);
  for (const sizes of [[large, large], [large, 10, large, 10, 10, large], Array(9).fill(100_000)]) {
    const question = asked(sizes);
    const pieces = questionParts(question).map((piece) => JSON.parse(piece));
    expect(pieces.length).toBeGreaterThan(1);
    expect(pieces.length).toBeLessThanOrEqual(sizes.length);
    expect(pieces.flatMap(({ events }) => events)).toEqual(question.events);
    expect(pieces.map(({ part }) => part)).toEqual(
      pieces.map((_, index) => ({ number: index + 1, of: pieces.length })),
    );
    for (const { events, part: _, ...more } of pieces) {
      expect(events.length).toBeGreaterThan(0);
      expect(Buffer.byteLength(JSON.stringify(events))).toBeLessThanOrEqual(mostQuestionBytes + 1_000);
      expect({ ...more, events: question.events }).toEqual(question);
    }
  }
});

test("events are put together as far as they fit, and one that does not fit alone is a piece of its own", () => {
  const pieces = (sizes: readonly number[]) =>
    questionParts(asked(sizes)).map((piece) => JSON.parse(piece).events.length);
  expect(pieces([100_000, 100_000, 100_000, 300_000])).toEqual([3, 1]);
  expect(pieces([mostQuestionBytes + 10, 10])).toEqual([1, 1]);
  expect(pieces([10, mostQuestionBytes + 10])).toEqual([1, 1]);
});

test("a question whose text is just as long as a piece may be is one piece, and events that just fit stay together", () => {
  const spare = mostQuestionBytes - Buffer.byteLength(JSON.stringify(asked([10])));
  const whole = { ...asked([10]), runId: "r".repeat(1 + spare) };
  expect(Buffer.byteLength(JSON.stringify(whole))).toBe(mostQuestionBytes);
  expect(questionParts(whole)).toEqual([JSON.stringify(whole)]);
  expect(questionParts({ ...whole, runId: `${whole.runId}r` })[0]).toContain('"part":');
  const bytesOf = (size: number) => Buffer.byteLength(JSON.stringify(asked([size]).events[0]));
  const half = 10 + mostQuestionBytes / 2 - bytesOf(10);
  expect(half % 2).toBe(0);
  const counts = (sizes: readonly number[]) =>
    questionParts(asked(sizes)).map((piece) => JSON.parse(piece).events.length);
  expect(counts([half, half])).toEqual([2]);
  expect(counts([half, half + 2])).toEqual([1, 1]);
  expect(counts([half, half, half, half])).toEqual([2, 2]);
});

test("a run's questions have one key, and another one with each turn", () => {
  const runIds = Array.from({ length: 500 }, (_, index) => `r${index}`);
  const keys = new Set(runIds.map((runId) => questionKey(runId)));
  expect(keys.size).toBe(32);
  for (const key of keys) expect(key).toMatch(/^q(?:[12]?\d|3[01])$/);
  expect(questionKey("r1")).toBe(questionKey("r1", 0));
  const turns = Array.from({ length: 33 }, (_, turn) => questionKey("r1", turn));
  expect(new Set(turns).size).toBe(32);
  expect(turns[32]).toBe(turns[0]);
});

test("a message holds a question at least, and ten thousand at most", () => {
  const [fine = ""] = questionParts(asked([10]));
  const read = (count: number) => parseQuestionMessage(questionMessageOf(Array(count).fill(fine)));
  expect(read(10_000).questions).toHaveLength(10_000);
  for (const count of [0, 10_001]) expect(read(count)).toMatchObject({ questions: [], malformed: [{}] });
  const withMore = JSON.stringify({ ...JSON.parse(fine), colour: "red" });
  expect(parseQuestionMessage(questionMessageOf([withMore])).questions).toEqual([asked([10])]);
});

test("questions in one message are read each on its own, and what is none is said", () => {
  const question = asked([10]);
  const [fine = ""] = questionParts(question);
  const { questions, malformed } = parseQuestionMessage(questionMessageOf([fine, '{"runId":"x"}', fine]));
  expect(questions).toEqual([question, question]);
  expect(malformed).toHaveLength(1);
});
