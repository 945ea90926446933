import { expect, test } from "vitest";
import { viewText } from "./view-text.ts";

test("a view is told by its filter, its order and its columns, a line each", () => {
  expect(
    viewText({
      query: "q=trip&status=stuck%2Cwaiting&label=region%3Deu&by=ended&constructor=x",
      columns: [{ id: "run", width: 212 }, { id: "ended" }, { id: "label.region" }, { id: "of-later" }],
    }),
  ).toBe(
    [
      "Search: trip",
      "Status: stuck, waiting",
      "Label: region=eu",
      "Sorted by: ended",
      "Constructor: x",
      "Columns: Run (212 px), Ended, region, of-later",
    ].join("\n"),
  );
  expect(viewText({ query: "" })).toBe("Everything");
});
