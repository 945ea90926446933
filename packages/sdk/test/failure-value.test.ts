import type { Failure as RecordedFailure } from "@downbeat/domain";
import { expect, test } from "vitest";
import { failureRecord, failureValue } from "../src/failure-value.ts";

const recorded: RecordedFailure = {
  kind: "timeout",
  name: "E",
  message: "m",
  stack: "at trip",
  details: '{"left":1}',
  timeout: "startToClose",
  causes: [
    { depth: 1, name: "C", message: "c", stack: "at pay", details: '{"left":2}' },
    { depth: 2, name: "D", message: "d" },
  ],
};
const value = {
  ...recorded,
  details: { left: 1 },
  causes: [
    { depth: 1, name: "C", message: "c", stack: "at pay", details: { left: 2 } },
    { depth: 2, name: "D", message: "d" },
  ],
};

test("code is told a failure with its details as values, and it is written as it was", () => {
  expect(failureValue(recorded)).toStrictEqual(value);
  expect(failureRecord(value)).toStrictEqual(recorded);
  const short: RecordedFailure = { kind: "code", name: "E", message: "m" };
  expect(failureValue(short)).toStrictEqual(short);
  expect(failureRecord(short)).toStrictEqual(short);
});

test("details that were cut are told as the text that is left", () => {
  const cut = {
    ...recorded,
    details: '{"left":',
    causes: [{ depth: 1, name: "C", message: "c", details: "{" }],
  };
  expect(failureValue(cut)).toMatchObject({ details: '{"left":', causes: [{ details: "{" }] });
});

test("what code puts together itself is a failure where its parts are of one, without what can't be written", () => {
  expect(failureRecord({ ...value, colour: "red" })).toStrictEqual(recorded);
  expect(failureRecord({ ...value, details: 7n })).not.toHaveProperty("details");
  expect(failureRecord({ ...value, causes: [{ ...value.causes[0], details: 7n }] })?.causes).toEqual([
    { depth: 1, name: "C", message: "c", stack: "at pay" },
  ]);
  for (const odd of [
    null,
    undefined,
    "E",
    {},
    { ...value, kind: "odd" },
    { ...value, name: 7 },
    { ...value, causes: "C" },
    { ...value, causes: [null] },
    { ...value, causes: ["C"] },
  ])
    expect(failureRecord(odd), JSON.stringify(odd)?.slice(0, 60)).toBeUndefined();
});
