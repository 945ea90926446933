import { expect, test } from "vitest";
import { readToldError } from "./told-error.ts";

test("what an error's envelope holds is read, and nothing else of it", () => {
  expect(readToldError('{"message":"m","stack":"s","name":"n"}')).toEqual({ message: "m", stack: "s" });
  expect(readToldError("{}")).toEqual({});
  for (const odd of ["", "null", "7", '{"message":7}', "[]"]) expect(readToldError(odd), odd).toBeUndefined();
});
