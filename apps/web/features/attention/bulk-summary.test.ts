import type { ActionOutcome } from "@downbeat/api/views";
import { expect, test } from "vitest";
import type { TrackedAction } from "../actions/action-store.ts";
import { summarise } from "./bulk-summary.ts";

const sent = (outcome: ActionOutcome): TrackedAction => ({
  state: "sent",
  key: "r j",
  id: "a",
  view: { actionId: "a", verb: "retryJob", actor: "maria", reason: "", at: 0, runId: "r", outcome },
});

test("says what came of each, what is still under way first", () => {
  const actions = [
    sent({ type: "recovered", at: 1 }),
    sent({ type: "recovered", at: 1 }),
    sent({ type: "refused", code: "JobOver", message: "over" }),
    sent({ type: "inProgress" }),
    { state: "notSent", key: "r j", id: "b", runId: "r", message: "away", isUnknown: true } as const,
  ];
  expect(summarise(actions)).toEqual({
    text: "5 actions: 1 under way, 2 recovered, 1 refused, 1 not sent",
    isOpen: true,
  });
});

test("a single action speaks for itself", () =>
  expect(summarise([sent({ type: "accepted" })])).toBeUndefined());
