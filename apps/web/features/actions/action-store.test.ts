import type { ActionOutcome, ActionView } from "@downbeat/api/views";
import { expect, test, vi } from "vitest";
import { createActionStore } from "./action-store.ts";

const view = (outcome: ActionOutcome, actionId = "a1"): ActionView => ({
  actionId,
  verb: "retryJob",
  actor: "maria",
  reason: "again",
  at: 1_000,
  runId: "r1",
  jobId: "j1",
  outcome,
});

function storeWith(outcomes: ActionOutcome[]) {
  const outcome = vi.fn(async () => view(outcomes.shift() ?? { type: "accepted" }));
  const store = createActionStore({ outcome, messageOf: String, now: () => 1_000 });
  const stateOf = () => {
    const action = store.all().get("r1 j1");
    return action?.state === "sent" ? action.view.outcome.type : action?.state;
  };
  return { store, outcome, stateOf };
}

test("an action is followed until what came of it is known", async () => {
  const { store, stateOf } = storeWith([{ type: "inProgress" }, { type: "recovered", at: 2_000 }]);
  const sent = store.run("r1 j1", "a1", async () => view({ type: "pending" }));
  expect(stateOf()).toBe("sending");
  await sent;
  expect(stateOf()).toBe("inProgress");
  store.check(new Set(["another run"]));
  expect(stateOf()).toBe("inProgress");
  store.check(new Set(["r1"]));
  await vi.waitFor(() => expect(stateOf()).toBe("recovered"));
  expect(store.hasOpen()).toBe(false);
});

test("what the server did not take is said as such", async () => {
  const { store } = storeWith([]);
  await store.run("r1 j1", "a1", () => Promise.reject("no such job"));
  expect(store.all().get("r1 j1")).toMatchObject({ state: "notSent", message: "no such job" });
});

test("a newer action of the same target is not overwritten by the older one's news", async () => {
  const { store } = storeWith([{ type: "recovered", at: 2_000 }]);
  let finish: (view: ActionView) => void = () => undefined;
  const first = store.run("r1 j1", "a1", () => new Promise((resolve) => (finish = resolve)));
  await store.run("r1 j1", "a2", async () =>
    view({ type: "refused", code: "JobOver", message: "over" }, "a2"),
  );
  finish(view({ type: "accepted" }));
  await first;
  expect(store.all().get("r1 j1")).toMatchObject({ id: "a2" });
});
