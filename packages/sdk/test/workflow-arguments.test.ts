import { expect, test } from "vitest";
import { workflow } from "../src/index.ts";

const code = async () => {};

test("the code comes last, and settings after it aren't passed over", () => {
  for (const settings of [{ versioning: "pinned" }, {}, null, code])
    expect(() => Reflect.apply(workflow, undefined, ["order", code, settings])).toThrow(
      "The code of workflow order comes last: workflow(name, settings, code).",
    );
  expect(() => Reflect.apply(workflow, undefined, ["order"])).toThrow("Workflow order has no code.");
  expect(workflow("order", { versioning: "pinned" }, code)).toMatchObject({ versioning: "pinned" });
  expect(workflow("order", code)).not.toHaveProperty("versioning");
});
