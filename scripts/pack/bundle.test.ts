import { expect, test } from "vitest";
import { withinPackage } from "./bundle.ts";

test("source maps place our sources within the package, so that a stack tells them from the author's", () => {
  const built = "/repository/.cache/pack/sdk/package/dist/worker.js.map";
  const source = "../../../../../packages/sdk/src/worker/attempt.ts";
  expect(withinPackage("/repository", source, built)).toBe("../packages/sdk/src/worker/attempt.ts");
  expect(
    withinPackage("/repository", `../../repository/${source.slice(15)}`, "/elsewhere/dist/worker.js.map"),
  ).toBe("../packages/sdk/src/worker/attempt.ts");
});
