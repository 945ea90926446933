import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type EmbeddedLog, openEmbeddedLog } from "@downbeat/embedded-log";
import { parseSavedViewMessage, topics } from "@downbeat/protocol";
import { afterAll, afterEach, beforeEach, expect, test } from "vitest";
import type { Context } from "../context.ts";
import type { Role } from "../permissions/policy.ts";
import { sendOddMessages } from "../shared/test/send-odd-messages.ts";
import { deleteView } from "../usecases/delete-view.ts";
import { listSavedViews } from "../usecases/list-saved-views.ts";
import { SaveView, saveView } from "../usecases/save-view.ts";
import { SavedViews } from "./saved-views.ts";

const directory = mkdtempSync(join(tmpdir(), "downbeat-views-"));
let log: EmbeddedLog;
let files = 0;
const opened: SavedViews[] = [];

beforeEach(async () => {
  log = await openEmbeddedLog({ file: join(directory, `log-${files++}.db`) });
});

afterEach(async () => {
  await Promise.all(opened.splice(0).map((views) => views.close()));
  await log.close();
});

afterAll(() => rmSync(directory, { recursive: true }));

function server(actor: string, role: Role = "manager"): Context {
  const savedViews = new SavedViews({ log: log.connect(), patienceMs: 60_000 });
  opened.push(savedViews);
  let id = 0;
  return {
    savedViews,
    actor,
    role,
    now: () => 1_000,
    newId: () => `${actor}-${++id}`,
  } as Partial<Context> as Context;
}

const stuck = { name: "Stuck bookings", list: "runs", query: "status=stuck&workflow=bookTrip" } as const;
const names = async (context: Context) => (await listSavedViews(context)).views.map(({ name }) => name);

test("a shared view is everybody's on every server, and one's own is nobody else's", async () => {
  const [ada, grace] = [server("ada"), server("grace")];
  const columns = [{ id: "status" }, { id: "run", width: 240 }];
  const shared = await saveView(ada, { ...stuck, columns, shared: true });
  await saveView(ada, { ...stuck, name: "Mine", shared: false });
  expect(shared).toMatchObject({ outcome: "saved", view: { ...stuck, columns, savedBy: "ada", version: 1 } });
  expect(await names(ada)).toEqual(["Mine", "Stuck bookings"]);
  expect(await names(grace)).toEqual(["Stuck bookings"]);
  // Nor can it be changed or deleted by who knows its id.
  const [mine] = (await listSavedViews(ada)).views;
  const theirs = { id: mine?.id ?? "", version: 1 };
  await expect(saveView(grace, { ...stuck, ...theirs, shared: false })).rejects.toThrow(
    "no such view of yours",
  );
  expect(await deleteView(grace, theirs)).toEqual({ outcome: "deleted", wasGone: true });
  expect(await names(ada)).toEqual(["Mine", "Stuck bookings"]);
});

test("who may not keep views for all keeps their own", async () => {
  const [viewer, manager] = [server("vic", "viewer"), server("meg", "manager")];
  await expect(saveView(viewer, { ...stuck, shared: true })).rejects.toThrow(
    "Only managers, support, operators and admins may keep boards, goals and views.",
  );
  expect(await saveView(viewer, { ...stuck, shared: false })).toMatchObject({ outcome: "saved" });
  const saved = await saveView(manager, { ...stuck, shared: true });
  if (saved.outcome !== "saved") throw new Error("it is new");
  const { id, version } = saved.view;
  const refusal = "may keep boards, goals and views";
  await expect(saveView(viewer, { ...stuck, id, version, shared: true })).rejects.toThrow(refusal);
  await expect(saveView(viewer, { ...stuck, id, version, shared: false })).rejects.toThrow(refusal);
  await expect(deleteView(viewer, { id, version })).rejects.toThrow(refusal);
});

test("of two who change one view, the later one is told, and a deleted one does not come back unknowingly", async () => {
  const [ada, grace] = [server("ada"), server("grace")];
  const saved = await saveView(ada, { ...stuck, shared: true });
  if (saved.outcome !== "saved") throw new Error("it is new");
  const { id, version } = saved.view;
  await saveView(ada, { ...stuck, id, version, name: "Renamed", shared: true });
  expect(await saveView(grace, { ...stuck, id, version, shared: true })).toMatchObject({
    outcome: "conflict",
    current: { view: { name: "Renamed", savedBy: "ada" } },
  });
  expect(await deleteView(grace, { id, version })).toMatchObject({ outcome: "conflict" });
  expect(await deleteView(grace, { id, version: 2 })).toEqual({ outcome: "deleted" });
  expect(await saveView(ada, { ...stuck, id, version: 2, shared: true })).toMatchObject({
    outcome: "conflict",
    current: { deletedBy: "grace" },
  });
});

/** Somebody changes it after it was looked at, before the log holds what is asked. */
function meanwhile(context: Context, change: () => Promise<unknown>): Context {
  const { savedViews } = context;
  const append = savedViews.append.bind(savedViews);
  savedViews.append = async (message) => {
    await change();
    return append(message);
  };
  return context;
}

test("a version that is not there yet changes nothing when it is there", async () => {
  const [viewer, manager] = [server("vic", "viewer"), server("meg", "manager")];
  const saved = await saveView(viewer, { ...stuck, shared: false });
  if (saved.outcome !== "saved") throw new Error("it is new");
  const { id } = saved.view;
  await deleteView(viewer, { id, version: 1 });
  // What was deleted comes back as everybody's, of whom a viewer may take nothing.
  meanwhile(viewer, () => saveView(manager, { ...stuck, id, version: 2, name: "Ours", shared: true }));
  expect(await saveView(viewer, { ...stuck, id, version: 3, shared: false })).toMatchObject({
    outcome: "conflict",
    current: { deletedBy: "vic" },
  });
  expect(await saveView(viewer, { ...stuck, id, version: 2, shared: false })).toMatchObject({
    outcome: "conflict",
    current: { view: { name: "Ours" } },
  });
  expect(await names(manager)).toEqual(["Ours"]);
});

test("nobody is shown what has become somebody's own meanwhile", async () => {
  const [ada, grace] = [server("ada"), server("grace")];
  const saved = await saveView(ada, { ...stuck, shared: true });
  if (saved.outcome !== "saved") throw new Error("it is new");
  const { id, version } = saved.view;
  const hidden = () => saveView(ada, { ...stuck, id, version, name: "Mine", shared: false });
  meanwhile(grace, hidden);
  await expect(saveView(grace, { ...stuck, id, version, shared: true })).rejects.toThrow("no such view");
  const again = await saveView(ada, { ...stuck, id, version: 2, shared: true });
  if (again.outcome !== "saved") throw new Error("it is theirs");
  const late = meanwhile(server("late"), () =>
    saveView(ada, { ...stuck, id, version: 3, name: "Mine", shared: false }),
  );
  expect(await deleteView(late, { id, version: 3 })).toEqual({ outcome: "deleted" });
  expect(await names(ada)).toEqual(["Mine"]);
});

test("a name is given once among the shared views of a list, and once among one's own", async () => {
  const ada = server("ada");
  await saveView(ada, { ...stuck, shared: true });
  await expect(saveView(ada, { ...stuck, name: "stuck BOOKINGS", shared: true })).rejects.toThrow(
    "choose another name",
  );
  await saveView(ada, { ...stuck, shared: false });
  await saveView(ada, { ...stuck, list: "timers", query: "", shared: true });
  expect(await names(ada)).toHaveLength(3);
});

test("whatever is in the topic, the views that can be read are there", async () => {
  const ada = server("ada");
  await saveView(ada, { ...stuck, shared: true });
  await sendOddMessages(log.connect(), topics.savedViews, parseSavedViewMessage, 30);
  expect(await names(server("grace"))).toEqual(["Stuck bookings"]);
});

test("what can't be a view is refused in words", () => {
  expect(SaveView.safeParse({ ...stuck, name: "  ", shared: true }).error?.issues[0]?.message).toBe(
    "give it a name",
  );
  expect(SaveView.safeParse({ ...stuck, list: "system", shared: true }).success).toBe(false);
  expect(SaveView.safeParse({ ...stuck, query: "x".repeat(4_001), shared: true }).success).toBe(false);
  expect(SaveView.safeParse({ ...stuck, id: "a", shared: true }).error?.issues[0]?.message).toContain(
    "which version",
  );
});
