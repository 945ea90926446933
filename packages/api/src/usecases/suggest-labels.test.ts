import { expect, test } from "vitest";
import { suggestLabels } from "./suggest-labels.ts";

const context = (values: readonly string[], masked: readonly string[]) =>
  ({
    readModel: {
      suggestLabels: ({ beginning = "", limit = 20 }: { beginning?: string; limit?: number }) =>
        values.filter((value) => value.startsWith(beginning)).slice(0, limit),
    },
    masking: { masksLabel: (_: string, value: string) => masked.includes(value) },
  }) as unknown as Parameters<typeof suggestLabels>[0];

test("whether a masked value begins so can't be told from what is suggested", () => {
  const secrets = ["mia@example.org", ...Array.from({ length: 50 }, (_, index) => `mia.${index}`)];
  for (const beginning of ["mia", "max"])
    for (const limit of [1, 2, 20]) {
      const guess = `${beginning}~`;
      const asked = { key: "customer", beginning, limit };
      expect(suggestLabels(context([...secrets, guess], secrets), asked)).toEqual({ texts: [guess] });
    }
});

test("no more are suggested than were wanted", () => {
  const values = Array.from({ length: 30 }, (_, index) => `order-${index}`);
  const asked = { key: "order", beginning: "order", limit: 20 };
  expect(suggestLabels(context(values, ["order-3"]), asked).texts).toHaveLength(20);
});
