import { describe, expect, test } from "vitest";
import { labels, name, newRunId, payload, runId } from "./fields.ts";

describe("A run's id", () => {
  test.each([
    "a",
    "order-7",
    "Bestellung 7".replace(" ", "_"),
    "…",
    "..a",
    "a.b",
    "\u{1f3d4}",
    "x".repeat(200),
  ])("may be %j", (id) => {
    expect(runId.safeParse(id).success).toBe(true);
  });

  test.each(["", ".", "..", "a b", " a", "a\n", "a/b", "/", "a\u0000", "\u200b", "x".repeat(201)])(
    "may not be %j",
    (id) => {
      expect(runId.safeParse(id).success).toBe(false);
    },
  );

  test("is refused with what it may be", () => {
    expect(runId.safeParse("..").error?.issues[0]?.message).toBe("no . or .. alone");
    expect(runId.safeParse("a b").error?.issues[0]?.message).toBe("no spaces, control characters or slashes");
  });
});

describe("The id of a run that is to be started", () => {
  test("is one as it would be typed, and no other that looks like it", () => {
    for (const id of ["order-7", "Z\u00fcrich", "\u{1f3d4}"]) expect(newRunId.parse(id)).toBe(id);
    expect(newRunId.safeParse("Zu\u0308rich").error?.issues).toMatchObject([
      { code: "custom", message: expect.stringMatching(/^The run id is not in Unicode's normal form NFC/) },
    ]);
    expect(runId.safeParse("Zu\u0308rich").success).toBe(true);
    expect(newRunId.safeParse("a b").success).toBe(false);
  });
});

test("a name is letters, digits, - and _, with a letter first", () => {
  for (const fine of ["a", "bookTrip", "a-b_c9", "A".repeat(100)])
    expect(name.safeParse(fine).success).toBe(true);
  for (const odd of ["", "9a", "-a", "a b", "a.b", "é", "a\n", "A".repeat(101)])
    expect(name.safeParse(odd).success).toBe(false);
});

test("labels are at most twenty, each with a name", () => {
  const many = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, n) => [`l${n}`, "1"]));
  expect(labels.safeParse(many(20)).success).toBe(true);
  expect(labels.safeParse(many(21)).error?.issues[0]?.message).toBe("at most 20 labels");
  expect(labels.safeParse({ "": "1" }).success).toBe(false);
});

test("a payload is JSON text", () => {
  for (const json of ["1", "null", '"x"', '{"a":[1]}']) expect(payload.safeParse(json).success).toBe(true);
  for (const text of ["", "x", "undefined", "{", "{a:1}"])
    expect(payload.safeParse(text).error?.issues[0]?.message).toBe("not JSON");
});

test.each([
  [{ [`n${"x".repeat(60)}`]: "v" }, "a label's name is a text of 1 to 60 characters"],
  [{ "": "v" }, "a label's name is a text of 1 to 60 characters"],
  [{ city: "x".repeat(201) }, "a label's value is a text of at most 200 characters"],
  [{ city: 7 }, "a label's value is a text of at most 200 characters"],
  [7, "Invalid input: expected record, received number"],
])("What is wrong with the labels %j is said with what is allowed", (given, sentence) => {
  expect(labels.safeParse(given).error?.issues.map(({ message }) => message)).toEqual([sentence]);
});
