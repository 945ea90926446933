import type { AnyRunCommand, Outcome } from "@downbeat/domain";
import type { Seals } from "@downbeat/protocol";
import { expect, test } from "vitest";
import { approved, type SecondPerson } from "../src/second-person.ts";

const rule = { terminate: true, complete: false, bulk: false };
const action = { actionId: "a1", actor: "Ada <local|ada>", reason: "it hangs" };
const terminate = { type: "TerminateRun", commandId: "c1", runId: "r", action } as const;
const evidence = { requestId: "ask-1", by: "Mia <local|mia>", until: 10 };
const accepted: Outcome = { type: "accepted", events: [{ type: "RunTerminated", action }] };
const problem = (command: AnyRunCommand, secondPerson: SecondPerson | undefined, outcome = accepted) => {
  const result = approved(outcome, command, secondPerson, 5);
  return result.type === "rejected" ? result.message : result;
};

test("what nobody may do alone is refused where nobody agreed, and done where somebody did", () => {
  expect(problem(terminate, { rule })).toContain("nobody has approved this");
  expect(approved(accepted, terminate, { rule }, 5)).toMatchObject({ code: "Unprocessable" });
  expect(problem({ ...terminate, approval: evidence }, { rule })).toBe(accepted);
  expect(problem(terminate, { rule: { ...rule, terminate: false } })).toBe(accepted);
  expect(problem(terminate, undefined)).toBe(accepted);
});

test("what is refused or recognised anyway stays so", () => {
  const rejected: Outcome = { type: "rejected", code: "RunOver", message: "It is over." };
  expect(approved(rejected, terminate, { rule }, 5)).toBe(rejected);
  const ignored: Outcome = { type: "ignored" };
  expect(approved(ignored, terminate, { rule }, 5)).toBe(ignored);
});

test("where there are keys, the seal is asked for over the command and all of the evidence but the seal", () => {
  const asked: unknown[] = [];
  const seals: Seals = {
    canSeal: true,
    seal: () => "k1.x",
    isSealed: (use, value, seal) => {
      asked.push([use, value, seal]);
      return seal === "k1.x";
    },
  };
  const sealed = { ...terminate, approval: { ...evidence, seal: "k1.x" } };
  expect(problem(sealed, { rule, seals })).toBe(accepted);
  expect(asked).toEqual([["command", { ...terminate, approval: evidence }, "k1.x"]]);
  expect(problem({ ...terminate, approval: { ...evidence, seal: "k1.y" } }, { rule, seals })).toContain(
    "the signature of its approval is not that of what it says",
  );
  expect(problem({ ...terminate, approval: evidence }, { rule, seals })).toContain("not signed by a server");
});
