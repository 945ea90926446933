import { expect, test } from "vitest";
import {
  type AskedQuestion,
  mostQuestionBytes,
  parseQuestionMessage,
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

test("questions in one message are read each on its own, and what is none is said", () => {
  const question = asked([10]);
  const [fine = ""] = questionParts(question);
  const { questions, malformed } = parseQuestionMessage(questionMessageOf([fine, '{"runId":"x"}', fine]));
  expect(questions).toEqual([question, question]);
  expect(malformed).toHaveLength(1);
});
