import fc from "fast-check";
import { expect, test } from "vitest";
import { type Masks, maskedAnswer } from "./mask-answer.ts";
import { masked } from "./mask-json.ts";
import { MaskRules } from "./mask-rules.ts";
import { RunMask } from "./run-mask.ts";

const email = "ada@example.org";
const rules = new MaskRules([{ workflow: "order", of: "everything", paths: [["email"]] }]);

function ofRun(input: object): RunMask {
  const mask = new RunMask(rules, "order");
  mask.take({
    workflow: "order",
    steps: [{ events: [{ type: "RunStarted", at: 1, input: JSON.stringify(input) } as never] }],
    isWhole: true,
    seq: 1,
  });
  return mask;
}

const ada = ofRun({ email });
const masks: Masks = {
  of: (runId) => (runId === "order-1" ? ada : undefined),
  ofCause: () => ada.secrets,
  payload: () => JSON.stringify(masked),
  readable: (json: string) => json,
};

const systemNames = [
  ...["runId", "id", "key", "code", "type", "kind", "status", "query", "worker", "fingerprint", "seq", "on"],
  ...["payload", "input", "output", "details", "labels", "customer", "__proto__", "constructor"],
];

test("a label is masked by what it says, whatever it is called", () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.oneof(fc.constantFrom(...systemNames), fc.string()), { minLength: 1 }),
      (names) => {
        const labels = Object.fromEntries(names.map((name) => [name, `to ${email}`]));
        const shown = maskedAnswer({ runs: [{ runId: "order-1", labels }] }, masks);
        expect(Object.entries(shown.runs[0]?.labels ?? {})).toEqual(
          Object.keys(labels).map((name) => [name, `to ${masked}`]),
        );
      },
    ),
  );
});

test("no digest of an input says what is masked in it", () => {
  const message = (digests: string) =>
    `The id x is taken: it is a run of order with another input${digests}.`;
  const said = message(" (digest 149a70b8e07c86, not 0451799f646759)");
  for (const around of [{ runId: "order-1" }, {}, { fingerprint: "f" }])
    expect(
      maskedAnswer({ ...around, inputDigest: "149a70b8e07c86", actions: [{ message: said }] }, masks),
    ).toEqual({ ...around, actions: [{ message: message("") }] });
  const plain = { runId: "order-2", inputDigest: "149a70b8e07c86", message: said };
  expect(maskedAnswer(plain, masks)).toEqual(plain);
});

test("a harmless label stays as it is, whatever it is called", () => {
  const labels = {
    ...Object.fromEntries(systemNames.map((name) => [name, "harmless"])),
    customer: email,
    customerTimes: "3",
  };
  expect(maskedAnswer({ runId: "order-1", labels, status: "running" }, masks)).toEqual({
    runId: "order-1",
    labels: { ...labels, customer: masked },
    status: "running",
  });
  // Nobody's label decides whose values are looked for.
  const answer = { runId: "order-1", labels: { runId: "order-2", customer: email } };
  expect(maskedAnswer(answer, masks).labels).toEqual({ runId: "order-2", customer: masked });
});

test("the labels of a cause are a list of the system's own, with names that stay", () => {
  const labels = [{ key: "customer", values: 1, top: [{ value: email, runs: 1 }] }];
  expect(maskedAnswer({ fingerprint: "f", scope: { labels } }, masks).scope.labels).toEqual([
    { key: "customer", values: 1, top: [{ value: masked, runs: 1 }] },
  ]);
});
