import type { ActionOutcome, ActionView } from "@downbeat/api/views";
import { expect, test, vi } from "vitest";
import { createActionStore, isUndecided } from "./action-store.ts";

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

const sent = (actionId: string, send: () => Promise<ActionView>) => ({ actionId, runId: "r1", send });

function storeWith(outcomes: ActionOutcome[]) {
  const outcome = vi.fn(async () => view(outcomes.shift() ?? { type: "accepted" }));
  const store = createActionStore({
    outcome,
    messageOf: String,
    isRefusal: (error) => error === "no such job",
    now: () => 1_000,
  });
  const stateOf = () => {
    const action = store.all().get("r1 j1");
    return action?.state === "sent" ? action.view.outcome.type : action?.state;
  };
  return { store, outcome, stateOf };
}

test("an action is followed until what came of it is known", async () => {
  const { store, stateOf } = storeWith([{ type: "inProgress" }, { type: "recovered", at: 2_000 }]);
  const known = store.run(
    "r1 j1",
    sent("a1", async () => view({ type: "pending" })),
  );
  expect(stateOf()).toBe("sending");
  await known;
  expect(stateOf()).toBe("inProgress");
  store.check(new Set(["another run"]));
  expect(stateOf()).toBe("inProgress");
  store.check(new Set(["r1"]));
  await vi.waitFor(() => expect(stateOf()).toBe("recovered"));
  expect(store.hasOpen()).toBe(false);
});

test("what the server did not take is said as such", async () => {
  const { store } = storeWith([]);
  await store.run(
    "r1 j1",
    sent("a1", () => Promise.reject("no such job")),
  );
  expect(store.all().get("r1 j1")).toMatchObject({
    state: "notSent",
    message: "no such job",
    isUnknown: false,
  });
});

test("a newer action of the same target is not overwritten by the older one's news", async () => {
  const { store } = storeWith([{ type: "recovered", at: 2_000 }]);
  let finish: (view: ActionView) => void = () => undefined;
  const first = store.run(
    "r1 j1",
    sent("a1", () => new Promise((resolve) => (finish = resolve))),
  );
  await store.run(
    "r1 j1",
    sent("a2", async () => view({ type: "refused", code: "JobOver", message: "over" }, "a2")),
  );
  finish(view({ type: "accepted" }));
  await first;
  expect(store.all().get("r1 j1")).toMatchObject({ id: "a2" });
});

test("what may have arrived is sent again under its own id, and is undecided until an answer comes", async () => {
  const { store, stateOf } = storeWith([]);
  const ids: string[] = [];
  const answers: (() => Promise<ActionView>)[] = [
    () => Promise.reject("the connection was lost"),
    async () => view({ type: "pending" }),
  ];
  const send = async () => {
    ids.push("a1");
    return await (answers.shift() ?? (async () => view({ type: "accepted" })))();
  };
  await store.run("r1 j1", sent("a1", send));
  expect(store.all().get("r1 j1")).toMatchObject({ state: "notSent", isUnknown: true, id: "a1" });
  expect(isUndecided(store.all().get("r1 j1"))).toBe(true);
  await store.sendAgain("r1 j1");
  expect(stateOf()).toBe("accepted");
  expect(store.all().get("r1 j1")?.id).toBe("a1");
  expect(ids).toEqual(["a1", "a1"]);
  expect(isUndecided(store.all().get("r1 j1"))).toBe(false);
  await store.sendAgain("r1 j1");
  expect(ids).toHaveLength(2);
});

test("what arrived although no answer came is found out", async () => {
  const { store, stateOf } = storeWith([{ type: "accepted" }]);
  await store.run(
    "r1 j1",
    sent("a1", () => Promise.reject("the connection was lost")),
  );
  expect(store.hasOpen()).toBe(true);
  store.check(new Set(["another run"]));
  expect(stateOf()).toBe("notSent");
  store.check();
  await vi.waitFor(() => expect(stateOf()).toBe("accepted"));
  expect(store.hasOpen()).toBe(false);
});
