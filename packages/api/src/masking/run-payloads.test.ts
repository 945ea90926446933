import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { encryptedOf, type Labels, type RunEvent } from "@downbeat/domain";
import {
  changePayloadKeys,
  erasePayloadKeys,
  newPayloadKey,
  PayloadKeyFile,
  PayloadKeyRing,
  readPayloadKeys,
} from "@downbeat/protocol";
import type { ReadModel } from "@downbeat/read-model";
import { describe, expect, onTestFinished, test } from "vitest";
import { maskedJson } from "./mask-json.ts";
import type { MaskRule } from "./mask-rules.ts";
import { Masking } from "./masking.ts";
import { RunPayloads } from "./run-payloads.ts";

function opened() {
  const directory = mkdtempSync(join(tmpdir(), "downbeat-keys-"));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  const path = join(directory, "payload-keys.json");
  changePayloadKeys(path, () => [newPayloadKey("acme-1"), newPayloadKey("k-1", "customer=4711")]);
  const ring = new PayloadKeyRing(readPayloadKeys(path));
  const of = (value: unknown, subject?: string) =>
    ring.encrypting(subject)?.encrypt(JSON.stringify(value)) ?? "";
  return { path, of, keys: new RunPayloads(new PayloadKeyFile(path)) };
}

function masking(
  payloads: RunPayloads,
  events: readonly RunEvent[],
  rules: readonly MaskRule[] = [],
): Masking {
  const record = { workflow: "order", steps: [{ events }], isWhole: true, seq: events.length };
  return new Masking({
    readModel: { record: () => record } as unknown as ReadModel,
    announcements: { personal: { known: async () => {}, rules: () => [] } },
    rules,
    payloads,
  });
}

const started = (input: string): RunEvent => ({ type: "RunStarted", workflow: "order", input });
const iban: MaskRule = { workflow: "*", of: "everything", paths: [["**", "iban"]] };

describe("A server that has the keys", () => {
  test("shows payloads as they were, and masks in them what is masked", () => {
    const { of, keys } = opened();
    const input = of({ iban: "DE0212030000", cents: 5 });
    const answer = { runId: "r-1", input, note: "paid by DE0212030000" };
    expect(masking(keys, [started(input)]).shown(answer).input).toBe('{"iban":"DE0212030000","cents":5}');
    expect(masking(keys, [started(input)], [iban]).shown(answer)).toEqual({
      runId: "r-1",
      input: `{"iban":${maskedJson},"cents":5}`,
      note: "paid by •••",
    });
  });

  test("encrypts what somebody gives a run as the run's input is, and leaves others as they are", () => {
    const { of, keys } = opened();
    const given = keys.given('{"ok":true}', { like: of("Ada", "customer=4711") });
    expect(encryptedOf(given)?.key).toBe("k-1");
    expect(keys.readable(given)).toBe('{"ok":true}');
    expect(keys.given('{"ok":true}', { like: '"plain"' })).toBe('{"ok":true}');
    expect(keys.given(given, { like: of("Ada"), asItIs: given })).toBe(given);
    expect(() => keys.given(JSON.stringify("x".repeat(100_000)), { like: of("Ada") })).toThrow("98024");
  });

  test("starts runs with the key of their label, where others of the workflow are encrypted, and not without it", () => {
    const { of, keys } = opened();
    const like = of("Grace");
    const start = (labels?: Labels) => keys.start('"Ada"', { runId: "r-1", labels, like });
    expect(encryptedOf(start({ customer: "4711" }))).toMatchObject({ key: "k-1" });
    expect(encryptedOf(start({ order: "7" }))).toMatchObject({ key: "acme-1" });
    expect(encryptedOf(start())?.same).toBeTypeOf("string");
    expect(() => start({ customer: "9" })).toThrow("no key for customer=9");
    expect(keys.start('"Ada"', { runId: "r-1", like: '"Grace"' })).toBe('"Ada"');
    expect(keys.start('"Ada"', { runId: "r-1", like: undefined })).toBe('"Ada"');
  });

  test("knows a start again that was sent before the key was changed, and no other of that id", () => {
    const { path, keys } = opened();
    const like = keys.start('"Ada"', { runId: "r-0", like: opened().of("Grace") });
    const before = keys.start('{"a":1,"b":2}', { runId: "r-1", like });
    changePayloadKeys(path, (all) => [...all, newPayloadKey("acme-2")]);
    const again = (json: string) => encryptedOf(keys.start(json, { runId: "r-1", like, before }));
    expect(again('{"b":2,"a":1}')).toMatchObject({ key: "acme-1", same: encryptedOf(before)?.same });
    expect(again('{"b":3}')).toMatchObject({ key: "acme-2" });
  });

  test("takes no encrypted payload from elsewhere, however it is written", () => {
    const { of, keys } = opened();
    const stolen = of({ iban: "DE0212030000" }, "customer=4711");
    const spaced = stolen.replace("{", "{ ");
    const escaped = stolen.replace("$encrypted", "\\u0024encrypte\\u0064");
    for (const json of [stolen, spaced, escaped, `{"a":[${spaced}]}`]) {
      expect(encryptedOf(JSON.stringify(JSON.parse(json).a?.[0] ?? JSON.parse(json)))).toBeDefined();
      for (const like of [undefined, '"plain"', of("Ada")]) {
        expect(() => keys.start(json, { runId: "r-2", like })).toThrow("only where it stands already");
        expect(() => keys.given(json, { like, asItIs: of("Ada") })).toThrow("only where it stands already");
      }
    }
    expect(keys.given('{"$encrypted":"\\u0041 word"}', { like: "1" })).toBe('{"$encrypted":"\\u0041 word"}');
  });

  test("reads nothing any more once a key is erased, and says why it can't encrypt", () => {
    const { path, of, keys } = opened();
    const input = of("Ada", "customer=4711");
    expect(keys.readable(input)).toBe('"Ada"');
    changePayloadKeys(path, (all) => erasePayloadKeys(all, "customer=4711", new Date(0)));
    expect(keys.readable(input)).toBe(input);
    expect(() => keys.given("1", { like: input })).toThrow("was erased on 1970-01-01");
  });

  test("shows errors that were encrypted as they were, and hides in their words what is masked in their details", () => {
    const { path, keys } = opened();
    const said = {
      message: "not for DE0212030000",
      stack: "Refused: not for DE0212030000\\n    at pay",
      details: '{"iban":"DE0212030000"}',
      causes: [{ depth: 1, name: "Error", message: "of DE0212030000", details: '{"code":7}' }],
    };
    const details = new PayloadKeyFile(path).ring
      .encrypting()
      ?.encrypt(JSON.stringify(said), { of: "error" });
    const failure = {
      kind: "business",
      name: "Refused",
      message: "Encrypted with key acme-1.",
      details: details ?? "",
    } as const;
    const events: RunEvent[] = [
      started("{}"),
      { type: "JobFailed", jobId: "j1", attempt: 1, failure } as unknown as RunEvent,
    ];
    const shown = (masks: Masking) => masks.shown({ runId: "r-1", failure }).failure;
    const { kind, name } = failure;
    expect(shown(masking(keys, events))).toEqual({ kind, name, ...said });
    expect(shown(masking(keys, events, [iban]))).toEqual({
      kind,
      name,
      message: "not for •••",
      stack: "Refused: not for •••\\n    at pay",
      details: `{"iban":${maskedJson}}`,
      causes: [{ depth: 1, name: "Error", message: "of •••", details: '{"code":7}' }],
    });
    const none = new RunPayloads(undefined);
    expect(shown(masking(none, events))).toEqual(failure);
    expect(shown(masking(none, events, [iban]))).toEqual({
      ...failure,
      name: "•••",
      message: "•••",
    });
  });

  test("has edited inputs keep what was masked in them", () => {
    const { of, keys } = opened();
    const json = of({ iban: "DE0212030000", to: "Rom" });
    const restored = masking(keys, [started(json)], [iban]).restored(`{"iban":${maskedJson},"to":"Rome"}`, {
      runId: "r-1",
      json,
      of: { of: "input" },
    });
    expect(restored).toBe('{"iban":"DE0212030000","to":"Rome"}');
  });
});

describe("A server without the keys", () => {
  const none = new RunPayloads(undefined);

  test("shows what is encrypted as it is, and no text of a run that may quote what is masked in it", () => {
    const input = opened().of({ iban: "DE0212030000" });
    const answer = { runId: "r-1", input, note: "paid by DE0212030000" };
    expect(masking(none, [started(input)]).shown(answer)).toEqual(answer);
    expect(masking(none, [started(input)], [iban]).shown(answer)).toEqual({
      runId: "r-1",
      input,
      note: "•••",
    });
  });

  test("refuses to write plain text into a run whose payloads are encrypted", () => {
    const { of } = opened();
    expect(() => none.given('"Bob"', { like: of("Ada") })).toThrow(
      "encrypted with key acme-1, and this server has no keys: what you give would be in the log",
    );
    const same = of("Ada");
    expect(none.given(same, { like: same, asItIs: same })).toBe(same);
    expect(none.given('"Bob"', { like: '"Ada"' })).toBe('"Bob"');
    expect(none.start('"Ada"', { runId: "r-1", like: undefined })).toBe('"Ada"');
    // What came encrypted, edited.
    expect(() => none.start('"Bob"', { runId: "r-1", like: same })).toThrow("this server has no keys");
  });
});
