import { expect, test } from "vitest";
import { statementFor } from "./sample.ts";

const lite = {
  examples: [
    { name: "Stuck", sql: "lite stuck" },
    { name: "Throughput", sql: "lite throughput" },
  ],
};
const trino = {
  examples: [
    { name: "Throughput", sql: "trino throughput" },
    { name: "Owners", sql: "trino owners" },
  ],
};

test("an example becomes the one of the same name, or the first", () => {
  expect(statementFor("lite throughput", lite, trino)).toBe("trino throughput");
  expect(statementFor("trino owners", trino, lite)).toBe("lite stuck");
  expect(statementFor(" ", trino, lite)).toBe("lite stuck");
});

test("what a person wrote stays", () => {
  expect(statementFor("lite stuck ", lite, trino)).toBe("lite stuck ");
});
