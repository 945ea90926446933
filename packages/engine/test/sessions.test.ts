import { type Position, position } from "@downbeat/message-log";
import { settled } from "@downbeat/message-log/testing";
import { topics } from "@downbeat/protocol";
import { describe, expect, test } from "vitest";
import { Sessions } from "../src/sessions.ts";
import { TestLog } from "./test-log.ts";

const history = topics.history(2);
const inbox = topics.inbox(2);
const message = { payload: Buffer.from("x") };

function opened() {
  const log = new TestLog();
  const read: Position[] = [];
  const came: Position[] = [];
  const ended: string[] = [];
  const sessions = new Sessions({
    log,
    partition: 2,
    owner: "engine-1",
    inboxPrefetch: 7,
    onHistory: (one) => {
      read.push(one.position);
      return undefined;
    },
    onInbox: (one) => void came.push(one.position),
    onEnd: (reason) => void ended.push(reason),
  });
  return { log, read, came, ended, sessions };
}

describe("A tenure's sessions", () => {
  test("read history from its beginning, or after a place in it", async () => {
    const all = opened();
    for (let count = 0; count < 3; count++) all.log.put(history, message);
    await all.sessions.openReader(undefined);
    await settled();
    expect(all.read).toEqual([0, 1, 2].map((entry) => position(0, entry)));
    const rest = opened();
    for (let count = 0; count < 3; count++) rest.log.put(history, message);
    await rest.sessions.openReader(position(0, 1));
    await settled();
    expect(rest.read).toEqual([position(0, 2)]);
    expect(rest.log.sessions[0]?.options.queueSize).toBe(16);
  });

  test("hold the inbox from when it is open until it is given back", async () => {
    const { sessions } = opened();
    expect(sessions.hasInbox).toBe(false);
    await sessions.openInbox();
    expect(sessions.hasInbox).toBe(true);
    expect(sessions.areOpen).toBe(false);
    sessions.releaseInbox();
    expect(sessions.hasInbox).toBe(false);
  });

  test("are what a claim needs once history can be written and the inbox is read", async () => {
    const { log, sessions, came } = opened();
    await sessions.openReader(undefined);
    expect(sessions.areOpen).toBe(false);
    expect(() => sessions.append(message)).toThrow("The history producer is not open.");
    await sessions.openHistory();
    expect(sessions.areOpen).toBe(false);
    await sessions.openInbox();
    expect(sessions.areOpen).toBe(true);
    await sessions.append(message);
    expect(log.messages(history)).toHaveLength(1);
    log.put(inbox, message);
    await settled();
    sessions.acknowledge(position(0, 0));
    expect(came).toEqual([position(0, 0)]);
    const [consumer] = log.open("consumer", inbox);
    expect(consumer?.acknowledged).toEqual(came);
    expect(consumer?.options).toMatchObject({
      subscription: "engine",
      type: "Failover",
      consumerName: "engine-1",
      prefetch: 7,
    });
  });

  test("say which of them has ended, and why", async () => {
    const { log, sessions, ended } = opened();
    await sessions.openReader(undefined);
    await sessions.openHistory();
    await sessions.openInbox();
    for (const session of log.sessions) session.end(new Error("lost"));
    expect(ended).toEqual([
      "the history session ended: lost",
      "the history producer ended: lost",
      "the inbox session ended: lost",
    ]);
  });

  test("are all closed in the end", async () => {
    const { log, sessions } = opened();
    await sessions.openReader(undefined);
    await sessions.openHistory();
    await sessions.openInbox();
    await sessions.close();
    expect(log.sessions.map(({ isOpen }) => isOpen)).toEqual([false, false, false]);
  });

  test("may be closed before they are open; one that opens after that is closed at once", async () => {
    const { log, sessions, ended } = opened();
    let open = () => {};
    log.before.set(
      `openConsumer ${inbox}`,
      () =>
        new Promise<void>((resolve) => {
          open = resolve;
        }),
    );
    const opening = sessions.openInbox();
    await sessions.close();
    open();
    await opening;
    expect(log.open("consumer", inbox)).toEqual([]);
    expect(sessions.areOpen).toBe(false);
    expect(ended).toEqual([]);
  });
});

describe("An inbox session", () => {
  test("is renewed by a fresh one, to which what is left comes again, and nobody hears of an end", async () => {
    const { log, sessions, came, ended } = opened();
    await sessions.openHistory();
    await sessions.openInbox();
    log.put(inbox, message);
    await settled();
    sessions.renewInbox();
    expect(sessions.areOpen).toBe(false);
    sessions.acknowledge(position(0, 0));
    await settled();
    expect(sessions.areOpen).toBe(true);
    expect(came).toEqual([position(0, 0), position(0, 0)]);
    expect(log.open("consumer", inbox)).toHaveLength(1);
    expect(ended).toEqual([]);
    log.open("consumer", inbox)[0]?.end();
    expect(ended).toEqual(["the inbox session ended"]);
  });

  test("that there is none of is not renewed", async () => {
    const { log, sessions } = opened();
    sessions.renewInbox();
    await settled();
    expect(log.sessions).toEqual([]);
  });

  test("that can't be renewed is an end", async () => {
    const { log, sessions, ended } = opened();
    await sessions.openInbox();
    log.before.set(`openConsumer ${inbox}`, () => {
      throw new Error("no such topic");
    });
    sessions.renewInbox();
    await settled();
    expect(ended).toEqual(["the inbox session could not be renewed: no such topic"]);
  });

  test("is given back for good, whether it is open, opens just now or would open later", async () => {
    const open = opened();
    await open.sessions.openInbox();
    open.sessions.releaseInbox();
    await open.sessions.openInbox();
    expect(open.log.open("consumer", inbox)).toEqual([]);
    expect(open.log.sessions).toHaveLength(1);

    const opening = opened();
    let go = () => {};
    opening.log.before.set(
      `openConsumer ${inbox}`,
      () =>
        new Promise<void>((resolve) => {
          go = resolve;
        }),
    );
    const done = opening.sessions.openInbox();
    opening.sessions.releaseInbox();
    go();
    await done;
    expect(opening.log.open("consumer", inbox)).toEqual([]);
    for (const { ended } of [open, opening]) expect(ended).toEqual([]);
  });
});
