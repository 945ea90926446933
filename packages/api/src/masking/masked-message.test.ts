import type { ReadModel } from "@downbeat/read-model";
import { describe, expect, test } from "vitest";
import { masked } from "./mask-json.ts";
import { MaskPaths, nameInPath, parseMaskPath } from "./mask-path.ts";
import { MaskRules, type PayloadOf } from "./mask-rules.ts";
import { Masking } from "./masking.ts";

const masking = new Masking({
  readModel: {} as ReadModel,
  announcements: { personal: { known: async () => {}, rules: () => [] } },
  rules: [
    {
      workflow: "order",
      of: "everything",
      paths: [
        ["customer", "email"],
        ["**", "iban"],
      ],
    },
  ],
});

const input = { customer: { email: "ada@example.org", tier: "gold" }, to: [{ iban: "DE12" }] };
const shownInput = { customer: { email: masked, tier: "gold" }, to: [{ iban: masked }] };
const command = (of: unknown) =>
  JSON.stringify({ type: "StartRun", runId: "r1", workflow: "order", input: of });

describe("a command that can't be read", () => {
  test.each([
    ["an object instead of JSON text", command(input), command(shownInput)],
    ["JSON text", command(JSON.stringify(input)), command(JSON.stringify(shownInput))],
    ["what it should be, without a command around", JSON.stringify(input), JSON.stringify(shownInput)],
    [
      "one of several",
      JSON.stringify({ commands: [JSON.parse(command(input))] }),
      JSON.stringify({ commands: [JSON.parse(command(shownInput))] }),
    ],
  ])("shows nothing personal where its input is %s", (_, text, shown) => {
    expect(masking.message({ text, reason: "Not to ada@example.org." })).toEqual({
      text: shown,
      reason: `Not to ${masked}.`,
    });
    expect(masking.restoredMessage(shown, text)).toBe(text);
  });

  test("is mended as it was shown, with what was masked in it", () => {
    const edited = command(shownInput).replace('"r1"', '"r2"').replace('"gold"', '"silver"');
    expect(masking.restoredMessage(edited, command(input))).toBe(
      command(input).replace('"r1"', '"r2"').replace('"gold"', '"silver"'),
    );
    const asText = masking.restoredMessage(command(JSON.stringify(shownInput)), command(input));
    expect(asText).toBe(command(JSON.stringify(input)));
    const elsewhere = command(JSON.stringify({ ...shownInput, other: masked }));
    expect(() => masking.restoredMessage(elsewhere, command(input))).toThrow(
      "stands for a value that is masked",
    );
    const moved = command(JSON.stringify({ ...shownInput, to: [{ iban: masked }, { iban: masked }] }));
    expect(() => masking.restoredMessage(moved, command(input))).toThrow("were added, removed or moved");
  });
});

test("in a payload of a job whose type isn't known, all that is personal in any is masked", () => {
  const rules = new MaskRules([
    { jobType: "charge", of: "output", paths: [["receipt"]] },
    { workflow: "other", of: "everything", paths: [["email"]] },
  ]);
  const of: PayloadOf = { of: "jobOutput", jobType: undefined };
  expect(rules.in("order", of).paths).toEqual([["receipt"], ["email"]]);
  expect(rules.in("order", { of: "jobOutput", jobType: "ship" }).paths).toEqual([]);
});

test("the same places are one object, so that many paths cost each value little", () => {
  const paths = new MaskPaths(
    Array.from({ length: 500 }, (_, index) => parseMaskPath(`**.${nameInPath(`n.${index}`)}.x`)),
  );
  const first = paths.below(paths.root, "n.7");
  expect(paths.below(paths.root, "n.7")).toBe(first);
  expect(paths.below(first, "anything")).toBe(paths.root);
  expect(paths.below(paths.root, undefined)).toBe(paths.below(paths.root, "else"));
  expect(paths.below(first, "x").isMeant).toBe(true);
  expect(paths.either(paths.root, first)).toBe(paths.either(first, paths.root));
});
