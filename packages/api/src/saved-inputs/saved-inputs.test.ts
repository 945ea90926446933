import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type EmbeddedLog, openEmbeddedLog } from "@downbeat/embedded-log";
import { readRange } from "@downbeat/message-log";
import {
  changePayloadKeys,
  longestSavedInput,
  newPayloadKey,
  PayloadKeyFile,
  parseSavedInputMessage,
  topics,
} from "@downbeat/protocol";
import type { ReadModel } from "@downbeat/read-model";
import fc from "fast-check";
import { afterAll, afterEach, beforeEach, expect, onTestFinished, test } from "vitest";
import type { Context } from "../context.ts";
import { parseMaskPath } from "../masking/mask-path.ts";
import { Masking } from "../masking/masking.ts";
import { SavedViews } from "../saved-views/saved-views.ts";
import { sendOddMessages } from "../shared/test/send-odd-messages.ts";
import { deleteInput } from "../usecases/delete-input.ts";
import { getSavedInput } from "../usecases/get-saved-input.ts";
import { listSavedInputs } from "../usecases/list-saved-inputs.ts";
import { SaveInput, saveInput } from "../usecases/save-input.ts";
import { saveView } from "../usecases/save-view.ts";
import { SavedInputs } from "./saved-inputs.ts";

const directory = mkdtempSync(join(tmpdir(), "downbeat-inputs-"));
let log: EmbeddedLog;
let files = 0;
const opened: { close(): Promise<void> }[] = [];

beforeEach(async () => {
  log = await openEmbeddedLog({ file: join(directory, `log-${files++}.db`) });
});

afterEach(async () => {
  await Promise.all(opened.splice(0).map((things) => things.close()));
  await log.close();
});

afterAll(() => rmSync(directory, { recursive: true }));

const personal = {
  workflow: "order",
  of: { of: "input" },
  paths: [parseMaskPath("customer.email")],
} as const;

/** @param started inputs that the newest runs of workflows were started with */
function server(actor: string, started: Readonly<Record<string, string>> = {}): Context {
  const options = { log: log.connect(), patienceMs: 60_000 };
  const [savedInputs, savedViews] = [new SavedInputs(options), new SavedViews(options)];
  opened.push(savedInputs, savedViews);
  let id = 0;
  const readModel = {
    listRuns: ({ filter }: { filter: { workflow: string } }) => ({
      runs: filter.workflow in started ? [{ runId: filter.workflow }] : [],
    }),
    missing: () => undefined,
    run: (runId: string) => ({ input: started[runId] }),
  } as unknown as ReadModel;
  return {
    savedInputs,
    savedViews,
    readModel,
    feed: { freshness: () => ({ live: true, completeTo: 0, behind: 0 }) },
    masking: new Masking({
      readModel,
      announcements: { personal: { known: async () => {}, rules: () => [personal] } },
    }),
    actor,
    role: "operator",
    now: () => 1_000,
    newId: () => `${actor}-${++id}`,
  } as unknown as Context;
}

const small = { name: "Small order", workflow: "order", input: '{"price":1.10}', shared: true } as const;
const names = async (context: Context) =>
  (await listSavedInputs(context)).inputs.map(({ name, workflow }) => `${workflow}: ${name}`);

async function saved(context: Context, asked: Parameters<typeof saveInput>[1]) {
  const answer = await saveInput(context, asked);
  if (answer.outcome !== "saved") throw new Error(`it was a ${answer.outcome}`);
  return answer.saved;
}

/** The topic as anybody who reads the log finds it. */
async function written(): Promise<string> {
  const reading = log.connect();
  const to = await reading.lastPosition(topics.savedViews);
  if (to === undefined) return "";
  const texts: string[] = [];
  await readRange(reading, topics.savedViews, { from: "earliest", to }, ({ payload }) => {
    texts.push(Buffer.from(payload).toString());
    return false;
  });
  return texts.join("\n");
}

test("a shared input is everybody's on every server, one's own is nobody else's, and views know nothing of either", async () => {
  const [ada, grace] = [server("ada"), server("grace")];
  expect(await saved(ada, small)).toEqual({
    id: "ada-1",
    name: "Small order",
    workflow: "order",
    bytes: 14,
    savedBy: "ada",
    savedAt: 1_000,
    version: 1,
  });
  const mine = await saved(ada, { ...small, name: "Mine", shared: false });
  await saveView(ada, { name: "A view", list: "runs", query: "", shared: true });
  expect(await names(ada)).toEqual(["order: Mine", "order: Small order"]);
  expect(await names(grace)).toEqual(["order: Small order"]);
  expect((await grace.savedViews.all()).map(({ name }) => name)).toEqual(["A view"]);
  // Nor can it be seen, changed or deleted by who knows its id.
  const theirs = { id: mine.id, version: 1 };
  await expect(getSavedInput(grace, theirs)).rejects.toThrow("no such saved input");
  await expect(saveInput(grace, { ...small, ...theirs, shared: false })).rejects.toThrow(
    "no such saved input",
  );
  expect(await deleteInput(grace, theirs)).toEqual({ outcome: "deleted", wasGone: true });
  expect(await deleteInput(ada, theirs)).toEqual({ outcome: "deleted" });
  expect(await names(ada)).toEqual(["order: Small order"]);
});

test("an input comes back as the text that it was, under whatever name", async () => {
  const [ada, grace] = [server("ada"), server("grace")];
  const text = '{ "ref":3544790567247868102, "price":1.10,"10":1,"2":2, "__proto__":{"x":"\\ud800"} }';
  const first = await saved(ada, { ...small, workflow: "notice", input: text });
  expect((await getSavedInput(grace, first)).input).toBe(text);
  await fc.assert(
    fc.asyncProperty(
      fc.string({ unit: "binary", minLength: 1, maxLength: 100 }).filter((name) => name.trim() !== ""),
      fc.json(),
      async (name, input) => {
        const asked = SaveInput.parse({ name, workflow: "notice", input, shared: true });
        const { id } = await saved(ada, asked);
        expect(await getSavedInput(grace, { id })).toMatchObject({ name: name.trim(), input });
        await deleteInput(ada, { id, version: 1 });
      },
    ),
    { numRuns: 10 },
  );
});

test("one is renamed, and shared, without saying again what it says", async () => {
  const ada = server("ada");
  const { id } = await saved(ada, { ...small, shared: false });
  const { input: _, ...asked } = small;
  const renamed = await saved(ada, { ...asked, id, version: 1, name: "Smallest" });
  expect(renamed).toMatchObject({ name: "Smallest", version: 2 });
  expect(await getSavedInput(server("grace"), { id })).toMatchObject({ input: small.input });
  // It is of its workflow: for another one the input has to be given.
  await expect(saveInput(ada, { ...asked, id, version: 2, workflow: "notice" })).rejects.toThrow("say what");
});

test("of two who change one input, the later one is told, and a deleted one does not come back unknowingly", async () => {
  const [ada, grace] = [server("ada"), server("grace")];
  const { id } = await saved(ada, small);
  await saved(ada, { ...small, id, version: 1, name: "Renamed" });
  const current = { saved: { name: "Renamed", savedBy: "ada", version: 2 } };
  const late = await saveInput(grace, { ...small, id, version: 1, input: "[1]" });
  expect(late).toMatchObject({ outcome: "conflict", current });
  expect(await deleteInput(grace, { id, version: 1 })).toMatchObject({
    outcome: "conflict",
    current: current.saved,
  });
  expect(JSON.stringify(late)).not.toContain("1.10");
  expect(await deleteInput(grace, { id, version: 2 })).toEqual({ outcome: "deleted" });
  expect(await saveInput(ada, { ...small, id, version: 2 })).toMatchObject({
    outcome: "conflict",
    current: { deletedBy: "grace" },
  });
});

test("a name is given once among the shared inputs of a workflow, and once among one's own", async () => {
  const ada = server("ada");
  await saved(ada, small);
  await expect(saveInput(ada, { ...small, name: "small ORDER" })).rejects.toThrow(
    "There is a saved input of that name already: choose another name.",
  );
  await saved(ada, { ...small, shared: false });
  await saved(ada, { ...small, workflow: "notice" });
  expect(await names(ada)).toHaveLength(3);
});

test("what is personal is never written, wherever else its value stands, and all else is", async () => {
  const ada = server("ada");
  const email = "ada@example.org";
  const input = `{"customer":{"email":"${email}","id":7},"note":"mail to ${email}","price":1.10}`;
  const one = await saved(ada, { ...small, input });
  expect(one).toMatchObject({ hasMasked: true });
  const { input: kept } = await getSavedInput(ada, one);
  expect(kept).toBe('{"customer":{"email":"•••","id":7},"note":"mail to •••","price":1.10}');
  expect(await written()).toContain("Small order");
  expect(await written()).not.toContain(email);
  // Of another workflow nobody has said that this is personal.
  const other = await saved(ada, { ...small, workflow: "notice", input });
  expect(await getSavedInput(ada, other)).toMatchObject({ input });
});

test("no personal value is in the log, whatever it is", async () => {
  const ada = server("ada");
  await fc.assert(
    fc.asyncProperty(fc.uuid(), fc.jsonValue(), async (secret, more) => {
      const input = JSON.stringify({ more, customer: { email: { deep: [secret] } }, said: `to ${secret}` });
      const one = await saved(ada, { ...small, input });
      expect((await getSavedInput(ada, one)).input).not.toContain(secret);
      await deleteInput(ada, one);
      expect(await written()).not.toContain(secret);
    }),
    { numRuns: 10 },
  );
});

test("what runs have encrypted is not kept in clear, nor an envelope that somebody copied", async () => {
  const directory = mkdtempSync(join(tmpdir(), "downbeat-keys-"));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  const path = join(directory, "payload-keys.json");
  changePayloadKeys(path, () => [newPayloadKey("acme-1")]);
  const envelope = new PayloadKeyFile(path).ring.encrypting()?.encrypt('{"name":"Ada"}') ?? "";
  const ada = server("ada", { order: envelope, notice: "{}" });
  await expect(saveInput(ada, small)).rejects.toThrow("started with an encrypted input");
  await expect(saveInput(ada, { ...small, workflow: "notice", input: `[${envelope}]` })).rejects.toThrow(
    "It holds an encrypted payload",
  );
  expect(await written()).toBe("");
  await saved(ada, { ...small, workflow: "notice" });
});

test("what is personal altogether is refused, and so is what bulk actions start", async () => {
  const masking = new Masking({
    readModel: {} as ReadModel,
    announcements: {
      personal: { known: async () => {}, rules: () => [{ ...personal, paths: [parseMaskPath("**")] }] },
    },
  });
  await expect(saveInput({ ...server("ada"), masking }, small)).rejects.toThrow(
    "All of this input is personal",
  );
  await expect(saveInput(server("ada"), { ...small, workflow: "downbeat-bulk" })).rejects.toThrow(
    "downbeat-bulk is started by bulk actions alone.",
  );
});

test("what was saved before somebody said that it is personal is masked when it is shown", async () => {
  const ada = server("ada");
  const input = '{"customer":{"email":"ada@example.org"},"email":"other"}';
  const of = await saved(ada, { ...small, workflow: "notice", input });
  const rules = [{ ...personal, workflow: "notice" }];
  const masking = new Masking({
    readModel: {} as ReadModel,
    announcements: { personal: { known: async () => {}, rules: () => rules } },
  });
  const shown = masking.shown(await getSavedInput(ada, of));
  expect(shown).toMatchObject({ name: "Small order", input: input.replace("ada@example.org", "•••") });
});

test("what is too long is refused with both figures, and what is no JSON in words", async () => {
  const ada = server("ada");
  const most = JSON.stringify("x".repeat(longestSavedInput - 2));
  expect(await saved(ada, { ...small, input: most })).toMatchObject({ bytes: longestSavedInput });
  for (const input of [JSON.stringify("x".repeat(longestSavedInput - 1)), JSON.stringify("é".repeat(40_000))])
    await expect(saveInput(ada, { ...small, name: "Long", input })).rejects.toThrow(
      `the limit of what is saved is ${longestSavedInput}.`,
    );
  const refusal = (asked: object) => SaveInput.safeParse({ ...small, ...asked }).error?.issues[0]?.message;
  expect(refusal({ input: "{" })).toMatch(/^not JSON/);
  expect(refusal({ input: undefined })).toBe("say what runs are to be started with");
  expect(refusal({ name: "  " })).toBe("give it a name");
  expect(refusal({ id: "a" })).toContain("which version");
});

test("whatever is in the topic, the inputs that can be read are there", async () => {
  await saved(server("ada"), small);
  await sendOddMessages(log.connect(), topics.savedViews, parseSavedInputMessage, 10);
  expect(await names(server("grace"))).toEqual(["order: Small order"]);
});
