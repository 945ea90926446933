import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type EmbeddedLog, openEmbeddedLog } from "@downbeat/embedded-log";
import { goalDefinition, parseGoalMessage, topics } from "@downbeat/protocol";
import { afterAll, afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Context } from "../context.ts";
import { sendOddMessages } from "../shared/test/send-odd-messages.ts";
import { deleteGoal } from "../usecases/delete-goal.ts";
import { listGoals } from "../usecases/list-goals.ts";
import { SaveGoal, saveGoal } from "../usecases/save-goal.ts";
import { Goals } from "./goals.ts";

vi.setConfig({ testTimeout: 60_000 });

const directory = mkdtempSync(join(tmpdir(), "downbeat-goals-"));
let log: EmbeddedLog;
let files = 0;
const opened: Goals[] = [];

beforeEach(async () => {
  log = await openEmbeddedLog({ file: join(directory, `log-${files++}.db`) });
});

afterEach(async () => {
  await Promise.all(opened.splice(0).map((goals) => goals.close()));
  await log.close();
});

afterAll(() => rmSync(directory, { recursive: true }));

function server(actor: string): Context {
  const goals = new Goals({ log: log.connect(), patienceMs: 60_000 });
  opened.push(goals);
  let id = 0;
  return {
    goals,
    actor,
    role: "manager",
    now: () => 1_000,
    newId: () => `${actor}-${++id}`,
  } as Partial<Context> as Context;
}

const goal = { name: "Bookings in time", workflow: "bookTrip", percent: 95, withinMs: 10_000, days: 28 };
const names = async (context: Context) => (await listGoals(context)).goals.map((one) => one.goal.name);

async function saved(context: Context, input: Parameters<typeof saveGoal>[1] = { goal }) {
  const answer = await saveGoal(context, input);
  if (answer.outcome !== "saved") throw new Error("it is new");
  return answer.goal;
}

test("a goal is everybody's on every server, and says what it means", async () => {
  const [ada, grace] = [server("ada"), server("grace")];
  await saved(ada);
  expect((await listGoals(grace)).goals).toEqual([
    {
      id: "ada-1",
      goal,
      words: "95 % of the runs of bookTrip complete within 10 s, over 28 days.",
      savedBy: "ada",
      savedAt: 1_000,
      version: 1,
    },
  ]);
});

test("of two who change one goal the later one is told, and a deleted one does not come back unknowingly", async () => {
  const [ada, grace] = [server("ada"), server("grace")];
  const { id, version } = await saved(ada);
  await saved(ada, { id, version, goal: { ...goal, percent: 99 } });
  expect(await saveGoal(grace, { id, version, goal })).toMatchObject({
    outcome: "conflict",
    current: { goal: { goal: { percent: 99 }, savedBy: "ada", version: 2 } },
  });
  expect(await deleteGoal(grace, { id, version })).toMatchObject({ outcome: "conflict" });
  expect(await deleteGoal(grace, { id, version: 2 })).toEqual({ outcome: "deleted" });
  expect(await deleteGoal(ada, { id, version: 2 })).toEqual({ outcome: "deleted", wasGone: true });
  expect(await saveGoal(ada, { id, version: 2, goal })).toMatchObject({
    outcome: "conflict",
    current: { deletedBy: "grace" },
  });
});

test("whoever comes in between after it was looked at wins, and the other is told", async () => {
  const [ada, grace] = [server("ada"), server("grace")];
  const { id, version } = await saved(ada);
  const append = grace.goals.append.bind(grace.goals);
  grace.goals.append = async (message) => {
    await saved(ada, { id, version, goal: { ...goal, name: "Ada's" } });
    return append(message);
  };
  expect(await saveGoal(grace, { id, version, goal: { ...goal, name: "Grace's" } })).toMatchObject({
    outcome: "conflict",
    current: { goal: { goal: { name: "Ada's" } } },
  });
  expect(await names(grace)).toEqual(["Ada's"]);
});

test("a name is given once, and what is not there can't be changed", async () => {
  const ada = server("ada");
  await saved(ada);
  const again = { goal: { ...goal, name: "bookings IN time" } };
  await expect(saveGoal(ada, again)).rejects.toThrow("choose another name");
  await expect(saveGoal(ada, { id: "none", version: 1, goal })).rejects.toThrow("no such goal");
});

test("whatever is in the topic, the goals that can be read are there", async () => {
  const ada = server("ada");
  await saved(ada);
  await sendOddMessages(log.connect(), topics.goals, parseGoalMessage, 30);
  expect(await names(server("grace"))).toEqual(["Bookings in time"]);
});

test("what can't be a goal is refused in words", () => {
  const issue = (patch: object) => goalDefinition.safeParse({ ...goal, ...patch }).error?.issues[0]?.message;
  expect(issue({ name: "  " })).toBe("give it a name");
  expect(issue({ percent: 100 })).toContain("no budget");
  expect(issue({ percent: 95.0001 })).toContain("a thousandth");
  expect(issue({ percent: Number.NaN })).toBeDefined();
  expect(issue({ days: 0 })).toBe("a day at least");
  expect(issue({ withinMs: 0 })).toBeDefined();
  expect(issue({ labels: { a: "", b: "", c: "", d: "", e: "", f: "" } })).toBe("at most 5 labels");
  for (const percent of [1, 99.999, 99.9, 33.3, 57.001]) expect(issue({ percent })).toBeUndefined();
  expect(SaveGoal.safeParse({ goal, id: "a" }).error?.issues[0]?.message).toContain("which version");
});
