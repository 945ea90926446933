import { type AuditEntry, auditEntryOf, readAuditEntry } from "@downbeat/protocol";
import { expect, test, vi } from "vitest";
import { AuditWriter } from "./audit-writer.ts";

vi.setConfig({ testTimeout: 60_000 });
const waitFor = (check: () => void) => vi.waitFor(check, { timeout: 60_000 });

const entry = (id: string): AuditEntry =>
  auditEntryOf({
    id,
    at: 1,
    who: { id: "a", name: "a" },
    verb: "runs.start",
    on: [],
    outcome: { is: "done" },
  });

function stage(mostWaiting = 10, lostBefore = 0) {
  const world = { isAway: false, written: [] as AuditEntry[], lost: [] as string[], troubles: 0 };
  const writer = new AuditWriter({
    send: async (payload) => {
      if (world.isAway) throw new Error("no log");
      const reading = readAuditEntry(payload);
      if (reading.is === "entry") world.written.push(reading.entry);
      return undefined;
    },
    newId: () => "made",
    now: () => 1,
    onTrouble: (trouble) => (world.troubles += trouble === undefined ? 0 : 1),
    onLost: ({ id }) => world.lost.push(id),
    pauseMs: 1,
    patienceMs: 5_000,
    mostWaiting,
    lostBefore,
  });
  return { world, writer, ids: () => world.written.map(({ id }) => id) };
}

test("entries are written in their order", async () => {
  const { writer, ids } = stage(1_000);
  const all = Array.from({ length: 250 }, (_, index) => `e${index}`);
  for (const id of all) writer.note(entry(id));
  await waitFor(() => expect(ids()).toEqual(all));
  expect(writer.trouble).toBeUndefined();
});

test("while the log takes nothing they wait, and are written when it does; that is said once", async () => {
  const { world, writer, ids } = stage();
  world.isAway = true;
  writer.note(entry("a"));
  await waitFor(() => expect(writer.trouble).toMatchObject({ waiting: 1, lost: 0, why: "no log" }));
  writer.note(entry("b"));
  world.isAway = false;
  await waitFor(() => expect(ids()).toEqual(["a", "b"]));
  await waitFor(() => expect(writer.trouble).toBeUndefined());
  expect(world.troubles).toBe(1);
});

test("of more than it can keep, the log says later how many are missing", async () => {
  const { world, writer, ids } = stage(2);
  world.isAway = true;
  for (const id of ["a", "b", "c", "d"]) writer.note(entry(id));
  await waitFor(() => expect(writer.trouble).toMatchObject({ waiting: 2, lost: 2 }));
  expect(world.lost).toEqual(["c", "d"]);
  world.isAway = false;
  await waitFor(() => expect(ids()).toEqual(["a", "b", "made"]));
  expect(world.written.at(-1)).toMatchObject({ verb: "audit.lose", given: [{ field: "entries", is: "2" }] });
});

test("what has to be written first is refused while it can't be, and isn't kept", async () => {
  const { world, writer, ids } = stage();
  expect(await writer.noteFirst(entry("sql"))).toBe("written");
  world.isAway = true;
  writer.note(entry("a"));
  await waitFor(() => expect(writer.trouble).toBeDefined());
  expect(await writer.noteFirst(entry("more sql"))).toBe("away");
  expect(writer.waiting).toBe(1);
  world.isAway = false;
  await waitFor(() => expect(ids()).toEqual(["sql", "a"]));
});

test("who closes it is told what nobody will write", async () => {
  const { world, writer } = stage();
  world.isAway = true;
  writer.note(entry("a"));
  await writer.close(1);
  expect(world.lost).toEqual(["a"]);
});

test("what is noted after it was closed is told to be lost at once", async () => {
  const { world, writer } = stage();
  await writer.close(1);
  writer.note(entry("a"));
  expect(world.lost).toEqual(["a"]);
  expect(await writer.noteFirst(entry("b"))).toBe("away");
});

test("what one writer lost, the next one tells the log", async () => {
  const first = stage();
  first.world.isAway = true;
  for (const id of ["a", "b"]) first.writer.note(entry(id));
  await first.writer.close(1);
  first.writer.note(entry("c"));
  const lostBefore = first.writer.lost;
  expect(lostBefore).toBe(3);
  const { world, writer, ids } = stage(10, lostBefore);
  writer.note(entry("d"));
  await waitFor(() => expect(ids()).toEqual(["d", "made"]));
  expect(world.written.at(-1)).toMatchObject({ verb: "audit.lose", given: [{ field: "entries", is: "3" }] });
});
