import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { encryptedOf, type RunEvent } from "@downbeat/domain";
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
    const given = keys.given('{"ok":true}', of("Ada", "customer=4711"));
    expect(encryptedOf(given)?.key).toBe("k-1");
    expect(keys.readable(given)).toBe('{"ok":true}');
    expect(keys.given('{"ok":true}', '"plain"')).toBe('{"ok":true}');
    expect(keys.given(given, of("Ada"))).toBe(given);
    expect(() => keys.given(JSON.stringify("x".repeat(100_000)), of("Ada"))).toThrow("98024");
  });

  test("starts runs with the key of their label, and not without it", () => {
    const { keys } = opened();
    expect(encryptedOf(keys.start('"Ada"', "r-1", { customer: "4711" }))).toMatchObject({ key: "k-1" });
    expect(encryptedOf(keys.start('"Ada"', "r-1", { order: "7" }))).toMatchObject({ key: "acme-1" });
    expect(encryptedOf(keys.start('"Ada"', "r-1"))?.same).toBeTypeOf("string");
    expect(() => keys.start('"Ada"', "r-1", { customer: "9" })).toThrow("no key for customer=9");
  });

  test("reads nothing any more once a key is erased, and says why it can't encrypt", () => {
    const { path, of, keys } = opened();
    const input = of("Ada", "customer=4711");
    expect(keys.readable(input)).toBe('"Ada"');
    changePayloadKeys(path, (all) => erasePayloadKeys(all, "customer=4711", new Date(0)));
    expect(keys.readable(input)).toBe(input);
    expect(() => keys.given("1", input)).toThrow("was erased on 1970-01-01");
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
    expect(() => none.given('"Bob"', of("Ada"))).toThrow(
      "encrypted with key acme-1, and this server has no keys: what you give would stand in the log",
    );
    const same = of("Ada");
    expect(none.given(same, same)).toBe(same);
    expect(none.given('"Bob"', '"Ada"')).toBe('"Bob"');
    expect(none.start('"Ada"', "r-1")).toBe('"Ada"');
  });
});
