import type { BoardMailMessage } from "@downbeat/protocol";
import fc from "fast-check";
import { expect, test } from "vitest";
import { BoardMailFold } from "./board-mail-fold.ts";

const begun = fc
  .record({ due: fc.nat(5), mail: fc.nat(400), isByHand: fc.boolean() })
  .map(({ due, mail, isByHand }): BoardMailMessage => {
    const by = isByHand ? { by: "ada" } : {};
    return { type: "mailBegun", boardId: "b", mailId: `m${mail}`, at: 9, due, addresses: 2, ...by };
  });

test("however often servers begin, and however much is sent by hand, a moment of the schedule is begun once and in order", () => {
  fc.assert(
    fc.property(fc.array(begun, { maxLength: 60 }), (messages) => {
      const fold = new BoardMailFold();
      const counted: number[] = [];
      for (const message of messages) {
        if (message.type !== "mailBegun") continue;
        const revision = fold.revision;
        fold.take(message);
        if (message.by === undefined && fold.revision > revision) counted.push(message.due);
      }
      expect(counted).toEqual([...new Set(counted)].sort((a, b) => a - b));
      expect(fold.of("b").length).toBeLessThanOrEqual(10);
      for (const due of counted) expect(fold.isBegun("b", due, 9)).toBe(true);
    }),
  );
});

test("what came of an e-mail is told once, and of none that didn't begin", () => {
  const fold = new BoardMailFold();
  const of = { boardId: "b", mailId: "m", at: 1 };
  fold.take({ type: "mailEnded", ...of, outcome: "delivered" });
  expect(fold.of("b")).toEqual([]);
  fold.take({ type: "mailBegun", ...of, due: 1, addresses: 2 });
  expect(fold.of("b")).toMatchObject([{ outcome: "begun" }]);
  fold.take({ type: "mailEnded", ...of, at: 2, outcome: "failed", problem: "full" });
  fold.take({ type: "mailEnded", ...of, at: 3, outcome: "delivered" });
  expect(fold.of("b")).toEqual([
    { mailId: "m", due: 1, at: 2, addresses: 2, outcome: "failed", problem: "full" },
  ]);
});

test("what a server with a clock that is ahead began does not count for the moments before", () => {
  const fold = new BoardMailFold();
  const begin = (mailId: string, due: number, at = due) =>
    fold.take({ type: "mailBegun", boardId: "b", mailId, at, due, addresses: 1 });
  begin("ahead", 30);
  expect(fold.isBegun("b", 10, 10)).toBe(false);
  begin("first", 10);
  begin("second", 20);
  expect(fold.of("b").map(({ mailId }) => mailId)).toEqual(["second", "first", "ahead"]);
  expect(fold.isBegun("b", 20, 21)).toBe(true);
  expect(fold.isBegun("b", 10, 21)).toBe(true);
  expect(fold.isBegun("b", 30, 30)).toBe(true);
});

test("what wasn't sent, another server begins again; what failed, none", () => {
  const fold = new BoardMailFold();
  const begin = (mailId: string) =>
    fold.take({ type: "mailBegun", boardId: "b", mailId, at: 10, due: 10, addresses: 1 });
  const end = (mailId: string, outcome: "notSent" | "failed") =>
    fold.take({ type: "mailEnded", boardId: "b", mailId, at: 11, outcome });
  begin("first");
  end("first", "notSent");
  expect(fold.isBegun("b", 10, 11)).toBe(false);
  begin("second");
  end("second", "failed");
  expect(fold.isBegun("b", 10, 11)).toBe(true);
  begin("third");
  expect(fold.of("b").map(({ mailId, outcome }) => [mailId, outcome])).toEqual([
    ["second", "failed"],
    ["first", "notSent"],
  ]);
});
