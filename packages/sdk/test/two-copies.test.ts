import { expect, test } from "vitest";
import * as errors from "../src/errors.ts";
import { attemptFailure } from "../src/failure.ts";

/** As `downbeat` and a project have them, each with its own SDK. */
const copy: typeof errors = await import(
  // A query makes it another module.
  "../src/errors.ts?another-copy" as string
);
const { BusinessError: theirs } = copy;

class CardDeclined extends errors.BusinessError {}
class HotelFull extends errors.BusinessError {}

test("an error of another copy of the package is taken for what it is", () => {
  expect(theirs).not.toBe(errors.BusinessError);
  expect(new theirs("CardDeclined", "The card is declined.")).toBeInstanceOf(errors.BusinessError);
  expect(attemptFailure(new theirs("CardDeclined", "The card is declined."))).toMatchObject({
    kind: "business",
    name: "CardDeclined",
  });
});

test("each kind of error of another copy is known as that kind, and as no other", () => {
  const failure = { kind: "technical", name: "E", message: "no" } as const;
  const kinds = [
    [errors.BusinessError, new copy.BusinessError("E", "m")],
    [errors.NonRetryableError, new copy.NonRetryableError("E", "m")],
    [errors.RetryLaterError, new copy.RetryLaterError("E", "m", 5)],
    [errors.JobFailedError, new copy.JobFailedError("pay", "j1", failure)],
    [errors.JobCancelledError, new copy.JobCancelledError("pay", "j1", "no")],
    [errors.RunCancelledError, new copy.RunCancelledError("m")],
  ] as const;
  for (const [kind] of kinds)
    expect(kinds.filter(([, error]) => error instanceof kind).map(([of]) => of)).toEqual([kind]);
});

test("kinds of errors are told apart, and so are classes that extend one", () => {
  const business = new theirs("CardDeclined", "The card is declined.");
  expect(business).not.toBeInstanceOf(errors.NonRetryableError);
  expect(new Error("x")).not.toBeInstanceOf(errors.BusinessError);
  expect(new CardDeclined("CardDeclined", "x")).toBeInstanceOf(errors.BusinessError);
  expect(new CardDeclined("CardDeclined", "x")).toBeInstanceOf(CardDeclined);
  expect(new CardDeclined("CardDeclined", "x")).not.toBeInstanceOf(HotelFull);
  expect(business).not.toBeInstanceOf(CardDeclined);
});

const hostile = new Proxy(
  {},
  {
    get: () => {
      throw new Error("no");
    },
  },
);

test("whatever else is thrown is none of them", () => {
  for (const value of [null, undefined, 7, "text", {}, hostile])
    expect(value instanceof errors.BusinessError).toBe(false);
});
