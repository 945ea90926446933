import fc from "fast-check";
import { expect, test } from "vitest";
import { outcomesQueryOf, parseJobsParams, serializeJobsParams } from "./search-params.ts";

const readAgain = (params: Parameters<typeof serializeJobsParams>[0]) =>
  parseJobsParams(new URLSearchParams(serializeJobsParams(params).toString()));

const askedOf = (address: string) => outcomesQueryOf(parseJobsParams(new URLSearchParams(address)), 0).of;

test("an error of any job type is told from one of the code of runs, which has an empty one", () => {
  expect(askedOf("error=TypeError&kind=code")).toEqual({ error: "TypeError", kind: "code" });
  expect(askedOf("error=TypeError&kind=code&job=")).toEqual({
    error: "TypeError",
    kind: "code",
    jobType: "",
  });
  expect(askedOf("show=completed&job=")).toEqual({ what: "completed" });
});

test("an address holds each row of the table of errors, whatever it is called", () => {
  const name = fc.oneof(fc.constant(""), fc.string({ maxLength: 100 }));
  const jobType = fc.oneof(fc.constantFrom("", undefined), fc.string({ minLength: 1, maxLength: 100 }));
  fc.assert(
    fc.property(name, jobType, (error, type) => {
      const named = { error, kind: "technical", ...(type !== undefined && { jobType: type }) } as const;
      expect(outcomesQueryOf(readAgain(named), 0).of).toEqual(named);
    }),
  );
});

test("what narrowed to the code of runs is gone with the error that it was of", () => {
  const ofCode = parseJobsParams(new URLSearchParams("error=TypeError&kind=code&job="));
  const { error: _, kind: __, ...rest } = ofCode;
  expect(readAgain(rest)).not.toHaveProperty("jobType");
});
