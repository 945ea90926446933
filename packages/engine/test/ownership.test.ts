import type { OutgoingMessage } from "@downbeat/message-log";
import { settled } from "@downbeat/message-log/testing";
import { parseHistoryRecord } from "@downbeat/protocol";
import { describe, expect, test } from "vitest";
import { type Claim, Ownership, type OwnershipOptions } from "../src/ownership.ts";
import { EngineClock } from "./engine-clock.ts";

function opened() {
  const clock = new EngineClock();
  const sent: OutgoingMessage[] = [];
  const told: string[] = [];
  const world = { isCaughtUp: true, areOpen: true, epoch: 4 };
  let receipt = { resolve: () => {}, reject: (_: Error) => {} };
  const options: OwnershipOptions = {
    owner: "engine-1",
    clock,
    readBackTimeoutMs: 1_000,
    sessions: {
      get areOpen() {
        return world.areOpen;
      },
      append(message) {
        sent.push(message);
        return new Promise<void>((resolve, reject) => {
          receipt = { resolve, reject };
        });
      },
    },
    isCaughtUp: () => world.isCaughtUp,
    epoch: () => world.epoch,
    now: () => 77,
    onClaimed: ({ epoch }) => told.push(`claimed ${epoch}`),
    onOwning: ({ epoch }) => told.push(`owning ${epoch}`),
    drop: (reason) => {
      told.push(`dropped: ${reason}`);
      ownership.drop();
    },
  };
  const ownership: Ownership = new Ownership(options);
  const claim = (): Claim => {
    const record = parseHistoryRecord(sent.at(-1)?.payload ?? Buffer.from(""));
    if (record?.kind !== "claim") throw new Error("There is no claim.");
    return record;
  };
  const take = async (how: "receipt" | "refused") => {
    if (how === "receipt") receipt.resolve();
    else receipt.reject(new Error("no such topic"));
    await settled();
  };
  return { clock, options, ownership, sent, told, world, claim, take };
}

/** As far as a claim that is under way. */
function claiming() {
  const made = opened();
  made.ownership.follow();
  made.ownership.messageSeen();
  made.ownership.maybeClaim();
  return made;
}

const another: Claim = { kind: "claim", id: "other", epoch: 5, owner: "engine-2", at: 1 };

describe("ownership", () => {
  test("is claimed only where history is followed to its end, all sessions are open and a message came", () => {
    const { ownership, sent, world } = opened();
    ownership.messageSeen();
    ownership.maybeClaim();
    ownership.follow();
    world.isCaughtUp = false;
    ownership.maybeClaim();
    world.isCaughtUp = true;
    world.areOpen = false;
    ownership.maybeClaim();
    expect(sent).toEqual([]);
    world.areOpen = true;
    ownership.maybeClaim();
    ownership.maybeClaim();
    expect(sent).toHaveLength(1);
    expect(ownership.mode).toBe("claiming");
  });

  test("is not claimed before a message came", () => {
    const { ownership, sent } = opened();
    ownership.follow();
    ownership.maybeClaim();
    expect(sent).toEqual([]);
    expect(ownership.mode).toBe("following");
  });

  test("is claimed one epoch on, with an id of its own", () => {
    const { claim, sent, told } = claiming();
    expect(claim()).toEqual({ kind: "claim", id: "id-1", epoch: 5, owner: "engine-1", at: 77 });
    expect(sent[0]?.properties).toMatchObject({ id: "id-1" });
    expect(told).toEqual(["claimed 5"]);
  });

  test("begins when this very claim has its receipt and is read back as accepted, whichever comes last", async () => {
    const receiptFirst = claiming();
    await receiptFirst.take("receipt");
    expect(receiptFirst.ownership.mode).toBe("claiming");
    receiptFirst.ownership.read(receiptFirst.claim());
    expect(receiptFirst.told).toEqual(["claimed 5", "owning 5"]);

    const readFirst = claiming();
    readFirst.ownership.read(readFirst.claim());
    // Delivered before it is durable: a crash of the log could still take it back.
    expect(readFirst.ownership.mode).toBe("claiming");
    await readFirst.take("receipt");
    expect(readFirst.told).toEqual(["claimed 5", "owning 5"]);
    expect(readFirst.ownership.mode).toBe("owning");
  });

  test("is claimed once more when the claim was slow: it says of the time what it was when the log took it", async () => {
    const { claim, clock, ownership, sent, take, told, world } = claiming();
    await clock.manual.advance(501);
    world.epoch = 5;
    ownership.read(claim());
    expect(ownership.holds).toBe(true);
    await take("receipt");
    expect(ownership.mode).toBe("claiming");
    expect(ownership.holds).toBe(false);
    expect(claim()).toMatchObject({ id: "id-2", epoch: 6 });
    await clock.manual.advance(501);
    ownership.read(claim());
    await take("receipt");
    expect(told).toEqual(["claimed 5", "claimed 6", "owning 6"]);
    expect(sent).toHaveLength(2);
  });

  test("does not begin with another's claim of the same epoch", async () => {
    const { ownership, take, told } = claiming();
    await take("receipt");
    ownership.read(another);
    expect(ownership.mode).toBe("claiming");
    expect(told).toEqual(["claimed 5"]);
  });

  test("is given up when the claim does not count", async () => {
    const { claim, ownership, take, told } = claiming();
    await take("receipt");
    ownership.read(another);
    ownership.leftOut(claim().id, "it is late");
    expect(told.at(-1)).toBe("dropped: its claim was not accepted: it is late");
  });

  test("is given up when the claim can't be appended, with the log's reason, even if it was read back", async () => {
    const { claim, ownership, take, told } = claiming();
    ownership.read(claim());
    await take("refused");
    expect(told).toEqual(["claimed 5", "dropped: its claim could not be appended: no such topic"]);
  });

  test.each([
    ["without a receipt", (made: ReturnType<typeof claiming>) => made.ownership.read(made.claim())],
    ["not read back", (made: ReturnType<typeof claiming>) => void made.take("receipt")],
  ])("is given up when a claim is %s in time", async (_, half) => {
    const made = claiming();
    half(made);
    await made.clock.manual.advance(1_000);
    expect(made.told.at(-1)).toBe("dropped: its claim was not read back in time");
  });

  test("is not given up once it has begun, however long it lasts", async () => {
    const { claim, clock, ownership, take, told } = claiming();
    ownership.read(claim());
    await take("receipt");
    await clock.manual.advance(1_000_000);
    expect(told).toEqual(["claimed 5", "owning 5"]);
  });

  test("ends when another's claim counts, and not by one that does not", async () => {
    const { claim, ownership, take, told } = claiming();
    ownership.read(claim());
    await take("receipt");
    ownership.leftOut(another.id, "it is late");
    expect(ownership.mode).toBe("owning");
    ownership.read({ ...another, epoch: 6 });
    expect(told.at(-1)).toBe("dropped: engine-2 has claimed the partition");
  });

  test("is given up when another's claim counts after the own one was read back, while that has no receipt yet", async () => {
    const { claim, ownership, take, told } = claiming();
    ownership.read(claim());
    ownership.read({ ...another, epoch: 6 });
    await take("receipt");
    expect(told).toEqual(["claimed 5", "dropped: engine-2 has claimed the partition"]);
  });

  test("is connecting before history is followed, and does not hold", () => {
    const { ownership } = opened();
    expect([ownership.mode, ownership.holds]).toEqual(["connecting", false]);
  });

  test("holds from when its claim is read back to its drop", async () => {
    const { claim, ownership, take } = claiming();
    expect(ownership.holds).toBe(false);
    ownership.read(claim());
    expect(ownership.holds).toBe(true);
    await take("receipt");
    expect(ownership.holds).toBe(true);
    ownership.drop();
    expect(ownership.holds).toBe(false);
  });

  test("says when its claim was sent, and of nothing else", async () => {
    const { clock, ownership } = opened();
    expect(ownership.sentAt(undefined)).toBeUndefined();
    await clock.manual.advance(70);
    ownership.follow();
    ownership.messageSeen();
    ownership.maybeClaim();
    expect(ownership.sentAt("id-1")).toBe(70);
    expect(ownership.sentAt("other")).toBeUndefined();
    expect(ownership.sentAt(undefined)).toBeUndefined();
  });

  test("is claimed once more only when the claim took longer than half a second from when it was sent", async () => {
    const made = opened();
    await made.clock.manual.advance(5_000);
    made.ownership.follow();
    made.ownership.messageSeen();
    made.ownership.maybeClaim();
    await made.clock.manual.advance(500);
    made.ownership.read(made.claim());
    await made.take("receipt");
    expect(made.told).toEqual(["claimed 5", "owning 5"]);
  });

  test("a claim that is repeated has its own receipt, its own time and its own end to wait for", async () => {
    const made = opened();
    const receipts: (() => void)[] = [];
    const ownership = new Ownership({
      ...made.options,
      sessions: {
        areOpen: true,
        append: (message) => {
          made.sent.push(message);
          return new Promise<void>((resolve) => receipts.push(resolve));
        },
      },
      drop: (reason) => made.told.push(`dropped: ${reason}`),
    });
    ownership.follow();
    ownership.messageSeen();
    ownership.maybeClaim();
    await made.clock.manual.advance(600);
    ownership.read(made.claim());
    receipts[0]?.();
    await settled();
    expect(made.claim()).toMatchObject({ id: "id-2" });
    // The receipt of the first is none of the second.
    receipts[0]?.();
    ownership.read(made.claim());
    await settled();
    expect(ownership.mode).toBe("claiming");
    await made.clock.manual.advance(999);
    expect(made.told).toEqual(["claimed 5", "claimed 5"]);
    await made.clock.manual.advance(1);
    expect(made.told.at(-1)).toBe("dropped: its claim was not read back in time");
  });

  test("is never claimed once a newer version has decided, which is news once", () => {
    const { ownership, sent } = opened();
    ownership.follow();
    ownership.messageSeen();
    expect([ownership.holdBack(), ownership.holdBack()]).toEqual([true, false]);
    ownership.maybeClaim();
    expect(sent).toEqual([]);
  });

  test("hears of another's claim, and of what has no id, before it has claimed anything", () => {
    const { ownership, told } = opened();
    ownership.follow();
    ownership.read(another);
    ownership.leftOut("", "it is no record");
    expect(told).toEqual([]);
    expect(ownership.mode).toBe("following");
  });

  test("may be given up before it has claimed anything", () => {
    const { ownership } = opened();
    ownership.drop();
    expect(ownership.mode).toBe("dropped");
  });

  test("does not begin after a drop", async () => {
    const { claim, clock, ownership, take, told } = claiming();
    ownership.drop();
    expect(clock.manual.waits).toEqual([]);
    ownership.read(claim());
    await take("receipt");
    expect(told).toEqual(["claimed 5"]);
    expect(ownership.mode).toBe("dropped");
  });
});
