import { expect, test } from "vitest";
import { failureOf } from "../src/failure.ts";
import { authorsPlace, authorsStack } from "../src/thrown/own-stack.ts";

const library = [
  "    at Attempt.carryOut (/app/node_modules/@downbeat/sdk/packages/sdk/src/worker/attempt.ts:214:12)",
  "    at file:///app/node_modules/.pnpm/@downbeat+sdk@1/node_modules/@downbeat/sdk/dist/worker.js:1:2",
  "    at main (C:\\\\app\\node_modules\\downbeat\\dist\\main.js:3:4)",
  "    at async node:internal/main/worker_thread:213:26",
  "    at process.emit (node:events:508:28)",
];
const authors = [
  "    at charge (file:///app/src/payment.ts:12:9)",
  "    at request (/app/node_modules/got/index.js:3:4)",
];

test("of a stack there is told what is the author's, and their libraries'", () => {
  const head = ["Error: no money", "    left at home"];
  const stack = [...head, ...library.slice(0, 2), authors[0], ...library.slice(2), authors[1]].join("\n");
  expect(authorsStack(stack)).toBe([...head, ...authors].join("\n"));
  expect(failureOf("technical", Object.assign(new Error("no money"), { stack })).stack).toBe(
    [...head, ...authors].join("\n"),
  );
  expect(authorsPlace(stack)).toEqual({ file: "file:///app/src/payment.ts", line: 12 });
});

test("where nothing else is left the library's own lines are kept", () => {
  const stack = ["Error: a fault of ours", ...library].join("\n");
  expect(authorsStack(stack)).toBe(stack);
  // A message that speaks of a place is no line of the stack.
  const told = ["Error: it is at home", ...library].join("\n");
  expect(authorsStack(told)).toBe(told);
  for (const odd of ["", "no stack", "\n"]) expect(authorsStack(odd)).toBe(odd);
  expect(authorsPlace(undefined)).toBeUndefined();
});
