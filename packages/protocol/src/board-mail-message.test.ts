import { expect, test } from "vitest";
import {
  type BoardMailMessage,
  encodeBoardMailMessage,
  longestMailProblem,
  parseBoardMailMessage,
} from "./board-mail-message.ts";

const mail = { boardId: "b", mailId: "m", at: 1 };
const begun = { type: "mailBegun", ...mail, due: 1, addresses: 1 };
const ended = { type: "mailEnded", ...mail, outcome: "failed", problem: "no such host" };
const read = (message: object) => parseBoardMailMessage(encodeBoardMailMessage(message as BoardMailMessage));

test("what becomes of a board's e-mail is read as it was written", () => {
  const outcomes = ["delivered", "notSent"].map((outcome) => ({ ...ended, outcome }));
  for (const message of [begun, { ...begun, by: "maria" }, ended, ...outcomes])
    expect(read(message)).toEqual(message);
});

test("anything else is no such message", () => {
  for (const name of ["boardId", "mailId"]) {
    expect(read({ ...begun, [name]: "" }), name).toBeUndefined();
    expect(read({ ...begun, [name]: "x".repeat(101) }), name).toBeUndefined();
    expect(read({ ...begun, [name]: "x".repeat(100) }), name).toBeDefined();
  }
  const odd = [{ addresses: 0 }, { addresses: 1.5 }, { by: "" }, { by: "x".repeat(201) }, { type: "other" }];
  for (const one of odd) expect(read({ ...begun, ...one }), JSON.stringify(one)).toBeUndefined();
  expect(read({ ...begun, by: "x".repeat(200) })).toBeDefined();
  expect(read({ ...ended, problem: "x".repeat(longestMailProblem) })).toBeDefined();
  expect(read({ ...ended, problem: "x".repeat(longestMailProblem + 1) })).toBeUndefined();
  expect(read({ ...ended, outcome: "lost" })).toBeUndefined();
});
