import { expect, test } from "vitest";
import { whoWords } from "./who-words.ts";

test("somebody is called by their name, as it is, else by their id, and is never nobody", () => {
  expect(whoWords({ id: "https://id|7", name: "Ada" })).toBe("Ada");
  expect(whoWords({ id: "https://id|7", name: "nim\u202eda" })).toBe("nim\\u202eda");
  expect(whoWords({ id: "a\u200bb", name: "" })).toBe("a\\u200bb");
  expect(whoWords({ id: "", name: "" })).toBe("somebody unknown");
});
