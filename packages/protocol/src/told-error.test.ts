import { expect, test } from "vitest";
import { readToldError } from "./told-error.ts";

test("what an error's envelope holds is read, and nothing else of it", () => {
  expect(readToldError('{"message":"m","stack":"s","name":"n"}')).toEqual({ message: "m", stack: "s" });
  const whole = { message: "m", details: "1", causes: [{ depth: 1, name: "E", message: "c" }] };
  expect(readToldError(JSON.stringify(whole))).toEqual(whole);
  expect(readToldError("{}")).toEqual({});
  for (const odd of ["", "null", "7", '{"message":7}', "[]"]) expect(readToldError(odd), odd).toBeUndefined();
});
