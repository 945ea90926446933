import { expect, test } from "vitest";
import { failureWords, messageWithCause, rootCause } from "../src/index.ts";

const refused = { depth: 2, name: "Error", message: "connect ECONNREFUSED 10.0.0.7:80" };
const fetchFailed = {
  name: "TypeError",
  message: "fetch failed",
  causes: [
    { depth: 1, name: "AggregateError", message: "ECONNREFUSED" },
    refused,
    { depth: 2, name: "Error", message: "connect ECONNREFUSED ::1:80" },
    { depth: 3, name: "Error", message: "of the second" },
  ],
};

test("where an error began is the last of its first causes", () => {
  expect(rootCause(fetchFailed)).toBe(refused);
  expect(failureWords(fetchFailed)).toBe(
    "TypeError: fetch failed (caused by Error: connect ECONNREFUSED 10.0.0.7:80)",
  );
});

test("a message that says so itself is left as it is, as is one without a cause", () => {
  const message = "POST http://hotel: connect ECONNREFUSED 10.0.0.7:80";
  expect(messageWithCause({ ...fetchFailed, message })).toBe(message);
  expect(failureWords({ name: "Error", message: "broke" })).toBe("Error: broke");
  expect(failureWords({ name: "Error", message: "" })).toBe("Error:");
});

test("a cause that is no error is told as it is", () => {
  const causes = [{ depth: 1, name: "", message: "no room" }];
  expect(failureWords({ name: "Error", message: "broke", causes })).toBe("Error: broke (caused by no room)");
});

test("a cause without a message says nothing, though it has a name", () => {
  const causes = [{ depth: 1, name: "Error", message: "" }];
  expect(messageWithCause({ name: "Error", message: "broke", causes })).toBe("broke");
});

test("an error without a message is told by its cause", () => {
  const causes = [{ depth: 1, name: "Error", message: "no room" }];
  expect(messageWithCause({ name: "Error", message: "", causes })).toBe("(caused by Error: no room)");
});
