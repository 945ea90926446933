import type { ExportUpdate } from "@downbeat/api/views";
import { expect, test, vi } from "vitest";
import { createExportStore } from "./export-store.ts";

const begin = {
  type: "begin",
  fileName: "runs.csv",
  mediaType: "text/csv",
  count: 3,
  text: "name\r\n",
} as const satisfies ExportUpdate;

function storeWith() {
  const saved: { name: string; content: Blob }[] = [];
  let last = 0;
  const store = createExportStore({
    save: (name, content) => saved.push({ name, content }),
    messageOf: (error) => (error as Error).message,
    newId: () => `${++last}`,
  });
  return { store, saved };
}

test("a file is what all updates say, one after the other, and is handed over at its end", async () => {
  const { store, saved } = storeWith();
  const seen: number[] = [];
  store.onChange(() => seen.push(store.all()[0]?.rows ?? -1));
  await store.begin({
    title: "Runs",
    ask: async () =>
      (async function* (): AsyncGenerator<ExportUpdate> {
        yield begin;
        yield { type: "rows", rows: 2, text: "a\r\nb\r\n" };
        expect(saved).toEqual([]);
        yield { type: "rows", rows: 3, text: "c\r\n" };
        yield { type: "end", rows: 3, text: "" };
      })(),
  });
  expect(seen).toEqual([0, 0, 2, 3, 3]);
  expect(store.all()).toMatchObject([{ state: "saved", rows: 3, of: 3, fileName: "runs.csv" }]);
  expect(saved.map(({ name }) => name)).toEqual(["runs.csv"]);
  expect(await saved[0]?.content.text()).toBe("name\r\na\r\nb\r\nc\r\n");
});

test("what breaks off is no file, and says so", async () => {
  const { store, saved } = storeWith();
  await store.begin({
    title: "Runs",
    ask: async () =>
      (async function* (): AsyncGenerator<ExportUpdate> {
        yield begin;
      })(),
  });
  await store.begin({
    title: "Runs",
    ask: async () => {
      throw new Error("Not for you.");
    },
  });
  expect(saved).toEqual([]);
  expect(store.all()).toMatchObject([
    { state: "failed", problem: "The connection broke off before the end." },
    { state: "failed", problem: "Not for you." },
  ]);
  store.dismiss("1");
  expect(store.all()).toHaveLength(1);
});

test("one that is cancelled asks for nothing more and saves nothing", async () => {
  const { store, saved } = storeWith();
  const signals: AbortSignal[] = [];
  const done = store.begin({
    title: "Runs",
    ask: async (signal) => {
      signals.push(signal);
      return (async function* (): AsyncGenerator<ExportUpdate> {
        yield begin;
        await new Promise((_, reject) => signal.addEventListener("abort", () => reject(new Error("gone"))));
      })();
    },
  });
  await vi.waitFor(() => expect(store.all()[0]?.fileName).toBe("runs.csv"));
  store.cancel("1");
  await done;
  expect(signals.map(({ aborted }) => aborted)).toEqual([true]);
  expect(store.all()).toMatchObject([{ state: "cancelled" }]);
  expect(saved).toEqual([]);
});

test("a file that the server marks as cut is saved, and what is missing is told", async () => {
  const { store, saved } = storeWith();
  await store.begin({
    title: "Runs",
    ask: async () =>
      (async function* (): AsyncGenerator<ExportUpdate> {
        yield begin;
        yield { type: "end", rows: 1, cut: "Pulsar SQL is away.", text: "Cut here\r\n" };
      })(),
  });
  expect(saved).toHaveLength(1);
  expect(store.all()).toMatchObject([{ state: "saved", problem: "Pulsar SQL is away." }]);
});
