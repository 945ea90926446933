import { expect, test } from "vitest";
import { attentionWords, causeSize, causeTitle, isWait } from "./cause-words.ts";

test("what needs a person is counted in runs, and in what they have of it where that is more", () => {
  const setAside = { causes: 0, total: 0, runs: 0 };
  expect(attentionWords({ runs: 0, total: 0, causes: 0, setAside })).toBe("nothing waits for a person");
  expect(attentionWords({ runs: 1, total: 1, causes: 1, setAside })).toBe("1 run needs a person: 1 cause");
  expect(attentionWords({ runs: 1_196, total: 1_254, causes: 3, setAside })).toBe(
    "1,196 runs need a person: 1,254 items, 3 causes",
  );
  expect(attentionWords({ runs: 0, total: 0, causes: 1, setAside })).toBe("1 cause");
});

test("what is set aside counts for nobody, and is said", () => {
  const all = { runs: 5, total: 6, causes: 3 };
  expect(attentionWords({ ...all, setAside: { causes: 1, total: 4, runs: 3 } })).toBe(
    "2 runs need a person: 2 causes; 1 cause with 3 runs set aside",
  );
  expect(attentionWords({ ...all, setAside: { causes: 3, total: 6, runs: 5 } })).toBe(
    "nothing waits for a person; 3 causes with 5 runs set aside",
  );
});

test("a cause says how many of what it has", () => {
  expect(causeSize({ kind: "job", jobType: "bookHotel", count: 3, runs: 2 })).toBe("3 jobs in 2 runs");
  expect(causeSize({ kind: "noWorker", jobType: "bookHotel", count: 56, runs: 56 })).toBe("56 jobs");
  expect(causeSize({ kind: "noHost", count: 1, runs: 1 })).toBe("1 run");
  expect(causeSize({ kind: "held", count: 1, runs: 1 })).toBe("1 bulk action");
  expect(causeSize({ kind: "undecided", count: 12, runs: 0 })).toBe("12 commands");
});

test("a cause is named for what it is about", () => {
  expect(causeTitle({ kind: "job", jobType: "bookHotel" })).toBe("bookHotel");
  expect(causeTitle({ kind: "noHost", workflow: "bookTrip" })).toBe("bookTrip");
  expect(causeTitle({ kind: "held", workflow: "downbeat-bulk" })).toBe("Bulk action held");
  expect(causeTitle({ kind: "history" })).toBe("Damaged history");
  expect(causeTitle({ kind: "code" })).toBe("Workflow code");
  expect(["noWorker", "noHost", "backlog", "held"].every((kind) => isWait(kind as "backlog"))).toBe(true);
  expect(isWait("job")).toBe(false);
});
