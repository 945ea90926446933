import { checkedLog } from "@downbeat/message-log";
import {
  type HistoryKeys,
  type HistoryRecord,
  RecordKeys,
  recordKeysFile,
  recordProperties,
  signedFormat,
  topics,
} from "@downbeat/protocol";
import { describe, expect, it } from "vitest";
import { type CompactedMessage, HistoryCompaction } from "../src/compaction/history-compaction.ts";
import type { EngineOptions } from "../src/index.ts";
import { EngineStage } from "./engine-stage.ts";

const secrets = new Map(["k1", "k2", "mallory"].map((id, index) => [id, Buffer.alloc(32, index + 1)]));

/** The first signs, unless none does. */
function keysOf(ids: readonly string[], signs = true): HistoryKeys {
  const keys = ids.map((id, index) => ({
    id,
    secret: secrets.get(id)?.toString("base64"),
    signs: signs && index === 0,
  }));
  return new RecordKeys(recordKeysFile.parse({ keys })).of("public/default");
}

const topic = topics.history(0);

/** Of an engine that has these keys, on the stage's log. */
function withKeys(stage: EngineStage, keys: HistoryKeys, given: Partial<EngineOptions> = {}) {
  return { log: checkedLog(stage.log, keys.proofOf), keys, ...given };
}

function proofs(stage: EngineStage, keys: HistoryKeys): string[] {
  return stage.log.messages(topic).map((message) => {
    const proof = keys.check(topic, message);
    return proof.is === "signed" ? proof.keyId : proof.is;
  });
}

/** Written by somebody who can write to the log. */
function forge(
  stage: EngineStage,
  record: { readonly id: string; readonly [field: string]: unknown },
  more: Record<string, string> = {},
) {
  const payload = Buffer.from(JSON.stringify(record));
  stage.log.put(topic, { payload, properties: { ...recordProperties(record.id, payload), ...more } });
}

function completes(stage: EngineStage, runId: string): Promise<void> {
  stage.send(stage.start(runId));
  return stage.settle();
}

const ofRun = (runId: string) => ({
  runId,
  workflow: "ends",
  inputId: "x",
  seq: 1,
  events: [{ type: "RunStarted", workflow: "ends", input: "1" }],
});

function lastOf(stage: EngineStage): HistoryRecord {
  const last = stage.records().at(-1);
  if (last === undefined) throw new Error("there is no record");
  return last;
}

describe("An engine with keys", () => {
  it("signs its claims and records, which says their format", async () => {
    const stage = new EngineStage();
    const keys = keysOf(["k1"]);
    await stage.owning(withKeys(stage, keys));
    await completes(stage, "r1");
    expect(proofs(stage, keys)).toEqual(["k1", "k1"]);
    expect(stage.decided().map(({ format }) => format)).toEqual([signedFormat]);
    expect(stage.events("r1")).toEqual(["RunStarted", "RunCompleted"]);
  });

  it("goes on as owner, whatever is forged beside it, and says of each why it is left out", async () => {
    const stage = new EngineStage();
    const keys = keysOf(["k1"]);
    const engine = await stage.owning(withKeys(stage, keys));
    await completes(stage, "r1");
    const { id, at } = lastOf(stage);
    const claimId = stage.records()[0]?.id ?? "";
    const next = { kind: "decisions", prev: id, claimId, epoch: 1, at, dispatchedUpTo: 0 };
    const mallory = keysOf(["mallory"]);
    const bad = { ...next, id: "f1", decisions: [ofRun("ghost")] };
    forge(stage, bad);
    forge(stage, bad, {
      ...mallory.sign(topic, { id: "f1", follows: id }, Buffer.from(JSON.stringify(bad))),
    });
    forge(stage, { kind: "claim", id: "f2", epoch: 2, owner: "mallory", at });
    // With the ids of the engine's own, and as if it were damaged.
    forge(stage, { ...bad, id });
    forge(stage, { kind: "claim", id: claimId, epoch: 2, owner: "mallory", at });
    forge(stage, { ...bad, id: "f3", decisions: [ofRun("r1")] }, { crc: "00000000" });
    forge(stage, { ...bad, id: claimId }, { crc: "00000000" });
    await stage.settle();
    await completes(stage, "r2");
    expect(engine.modes).toEqual(["owning"]);
    expect(stage.saidOf("dropped")).toEqual([]);
    expect(stage.saidOf("leftOut")).toHaveLength(7);
    const processor = engine.processors[0];
    expect(processor?.tenure?.fold.entry("ghost")).toBeUndefined();
    for (const runId of ["r1", "r2"])
      expect(processor?.tenure?.fold.entry(runId)?.state.status).toBe("completed");
  });

  it("takes over a log from before there were keys; what isn't signed counts no more from then on", async () => {
    const stage = new EngineStage();
    const before = await stage.owning();
    await completes(stage, "r1");
    await before.stop();
    const keys = keysOf(["k1"]);
    const engine = await stage.owning(withKeys(stage, keys, { owner: "engine-2" }));
    await completes(stage, "r2");
    expect(proofs(stage, keys)).toEqual(["unsigned", "unsigned", "k1", "k1"]);
    const fold = engine.processors[0]?.tenure?.fold;
    expect(["r1", "r2"].map((runId) => fold?.entry(runId)?.state.status)).toEqual(["completed", "completed"]);
    forge(stage, { kind: "claim", id: "f1", epoch: 3, owner: "engine-1", at: 1 });
    await completes(stage, "r3");
    expect(engine.modes).toEqual(["owning"]);
  });

  it("knows from its snapshot that the log is signed", async () => {
    const stage = new EngineStage();
    const keys = keysOf(["k1"]);
    const first = await stage.owning(withKeys(stage, keys));
    await completes(stage, "r1");
    await first.stop();
    const { id, at } = lastOf(stage);
    const claimId = stage.records()[0]?.id ?? "";
    forge(stage, {
      kind: "decisions",
      id: "f1",
      prev: id,
      claimId,
      epoch: 1,
      at,
      dispatchedUpTo: 0,
      decisions: [ofRun("ghost")],
    });
    const second = await stage.owning(withKeys(stage, keys, { owner: "engine-2" }));
    await completes(stage, "r2");
    expect(second.processors[0]?.tenure?.fold.entry("ghost")).toBeUndefined();
    expect(second.modes).toEqual(["owning"]);
  });

  it("goes on where another one signed by a key that both know: so a key is changed without a gap", async () => {
    const stage = new EngineStage();
    const first = await stage.owning(withKeys(stage, keysOf(["k1", "k2"])));
    await completes(stage, "r1");
    await first.stop();
    const both = keysOf(["k2", "k1"]);
    await stage.owning(withKeys(stage, both, { owner: "engine-2" }));
    await completes(stage, "r2");
    expect(proofs(stage, both)).toEqual(["k1", "k1", "k2", "k2"]);
    expect([stage.events("r1"), stage.events("r2")]).toEqual(Array(2).fill(["RunStarted", "RunCompleted"]));
  });
});

const why =
  "its records are signed, and this engine has no key that signs (its file is named by DOWNBEAT_RECORD_KEYS_FILE)";

describe("An engine that can't sign holds back where records are signed", () => {
  it.each([
    ["has no keys", undefined],
    ["has a key that only checks", keysOf(["k1"], false)],
  ])("because it %s", async (_, keys) => {
    const stage = new EngineStage();
    const first = await stage.owning(withKeys(stage, keysOf(["k1"])));
    await completes(stage, "r1");
    await first.stop();
    stage.stores.clear();
    const given = keys === undefined ? {} : withKeys(stage, keys);
    const engine = await stage.owning({ ...given, owner: "engine-2" });
    expect(engine.heldBack).toEqual([why]);
    expect(engine.modes).toEqual(["following"]);
    expect(stage.records()).toHaveLength(2);
  });

  it("also when it goes on from a snapshot of its own", async () => {
    const stage = new EngineStage();
    const first = await stage.owning(withKeys(stage, keysOf(["k1"])));
    await completes(stage, "r1");
    await first.stop();
    const second = await stage.owning(withKeys(stage, keysOf(["k1"], false)));
    expect([second.heldBack, second.modes]).toEqual([[why], ["following"]]);
  });

  it("because another one signs with a key that it lacks, as a claim says by one that both have", async () => {
    const stage = new EngineStage();
    const first = await stage.owning(withKeys(stage, keysOf(["k2", "k1"])));
    await completes(stage, "r1");
    const second = await stage.owning(withKeys(stage, keysOf(["k1"]), { owner: "engine-2" }));
    const lacks =
      'another engine signs here with the key "k2", which this engine doesn\'t have (its file is named by DOWNBEAT_RECORD_KEYS_FILE)';
    expect([second.heldBack, second.modes]).toEqual([[lacks], ["following"]]);
    await completes(stage, "r2");
    expect(first.modes).toEqual(["owning"]);
    expect(stage.events("r2")).toEqual(["RunStarted", "RunCompleted"]);
    await second.stop();
    stage.stores.clear();
    const again = await stage.owning(withKeys(stage, keysOf(["k1"]), { owner: "engine-3" }));
    expect([again.heldBack, again.modes]).toEqual([[lacks], ["following"]]);
  });

  it("also as owner: it gives the partition up, and decides there no more", async () => {
    const stage = new EngineStage();
    const owner = await stage.owning(withKeys(stage, keysOf(["k1"])));
    await completes(stage, "r1");
    const both = keysOf(["k2", "k1"]);
    const { id, at } = lastOf(stage);
    const claim = { kind: "claim", id: "c2", epoch: 2, owner: "engine-2", at };
    const payload = Buffer.from(JSON.stringify(claim));
    forge(stage, claim, both.sign(topic, { id: "c2", follows: "epoch 1" }, payload));
    await stage.settle();
    await stage.pass(10_000);
    await completes(stage, "r2");
    expect(stage.saidOf("dropped")).toEqual([[0, expect.stringContaining('with the key "k2"')]]);
    expect(owner.heldBack).toEqual([expect.stringContaining('with the key "k2"')]);
    expect(stage.records().map((one) => one.id)).toEqual([expect.any(String), id, "c2"]);
  });

  it("but for no copy of an older claim, and for nothing that somebody without keys can write", async () => {
    const stage = new EngineStage();
    const first = await stage.owning(withKeys(stage, keysOf(["k2", "k1"])));
    await first.stop();
    const [old] = stage.log.messages(topic);
    if (old === undefined) throw new Error("there is no claim");
    const later = new EngineStage();
    const owner = await later.owning(withKeys(later, keysOf(["k1"])));
    await completes(later, "r1");
    later.log.put(topic, old);
    const claim = { kind: "claim", id: "c2", epoch: 2, owner: "engine-2", at: 1 };
    const payload = Buffer.from(JSON.stringify(claim));
    const link = { id: "c2", follows: "epoch 1" };
    forge(later, claim, keysOf(["mallory", "k2"]).sign(topic, link, payload));
    const own = keysOf(["k1", "k2"]).sign(topic, link, payload);
    forge(later, claim, { ...own, mac: (own.mac ?? "").replace("k1.", "k9."), vouched: own.mac ?? "" });
    await later.settle();
    await completes(later, "r2");
    expect([owner.heldBack, owner.modes]).toEqual([[undefined], ["owning"]]);
    expect(owner.processors[0]?.tenure?.fold.entry("r2")?.state.status).toBe("completed");
  });

  it("because by keys that it had before more counts than by those that it has: a key was taken out of its file", async () => {
    const stage = new EngineStage();
    const first = await stage.owning(withKeys(stage, keysOf(["k1"])));
    await completes(stage, "r1");
    await first.stop();
    const head = stage.store(0).head();
    if (head === undefined) throw new Error("there is no snapshot");
    const known = { epoch: head.cursor.epoch, position: head.position, path: "engine.keys-old.sqlite" };
    stage.stores.clear();
    const given = { owner: "engine-2", knownClaim: () => known };
    const without = await stage.owning(withKeys(stage, keysOf(["k2"]), given));
    expect(without.heldBack).toEqual([
      "by the keys that this engine had before, claim 1 counts here, and by those it has now none does: a key is missing (its file is named by DOWNBEAT_RECORD_KEYS_FILE), or engine.keys-old.sqlite is of another log and is to be deleted",
    ]);
    expect([without.modes, stage.records().length]).toEqual([["following"], 2]);
    await without.stop();
    stage.stores.clear();
    const both = await stage.owning(withKeys(stage, keysOf(["k2", "k1"]), given));
    expect([both.heldBack, both.modes]).toEqual([[undefined], ["owning"]]);
  });

  it("and decides as ever where it knows a key that doesn't sign yet", async () => {
    const stage = new EngineStage();
    const keys = keysOf(["k1"], false);
    await stage.owning(withKeys(stage, keys));
    await completes(stage, "r1");
    expect(proofs(stage, keys)).toEqual(["unsigned", "unsigned"]);
    expect(stage.decided()[0]?.format).toBeLessThan(signedFormat);
  });
});

describe("Compaction of a log that is signed", () => {
  const closed = Date.UTC(2100, 0);
  async function signedLog() {
    const stage = new EngineStage();
    const before = await stage.owning();
    await completes(stage, "r1");
    await completes(stage, "r2");
    await before.stop();
    const keys = keysOf(["k1"]);
    const after = await stage.owning(withKeys(stage, keys, { owner: "engine-2" }));
    for (const runId of ["r3", "r4"]) await completes(stage, runId);
    await after.stop();
    return { stage, keys };
  }
  const compaction = (stage: EngineStage, keys: HistoryKeys | undefined, into: CompactedMessage[]) =>
    new HistoryCompaction({
      log: keys === undefined ? stage.log : checkedLog(stage.log, keys.proofOf),
      keys,
      topic,
      endedBefore: closed,
      forgottenBefore: 0,
      compact: async (messages) => void into.push(...messages),
    }).run();

  it("signs what stands for signed records, and leaves unsigned what was: else what comes after it counted no more", async () => {
    const { stage, keys } = await signedLog();
    const put: CompactedMessage[] = [];
    await compaction(stage, keys, put);
    expect(put.map((one) => keys.check(topic, one).is).toSorted()).toEqual(["signed", "unsigned"]);
  });

  it("refuses without a key that signs", async () => {
    const { stage } = await signedLog();
    for (const keys of [undefined, keysOf(["k1"], false)]) {
      const put: CompactedMessage[] = [];
      await expect(compaction(stage, keys, put)).rejects.toThrow(/there is no key here that signs/);
      expect(put).toEqual([]);
    }
  });
});
