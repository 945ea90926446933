import type { LiveChange } from "@downbeat/api/views";
import { expect, test } from "vitest";
import type { OpenStream, StreamListener } from "./event-stream.ts";
import { createLiveConnection } from "./live-connection.ts";
import { connectShared, type TabLock, type TabMessage } from "./shared-stream.ts";

type Asked = Parameters<OpenStream>[0] & StreamListener & { isOpen: boolean };

/** A browser with tabs, its lock and its channel, and the server's end of the streams; time goes by hand. */
function browser() {
  const streams: Asked[] = [];
  const listeners = new Map<string, (message: TabMessage) => void>();
  const queue: { tab: string; hold: () => void; onStolen: () => void }[] = [];
  const timers = new Map<() => void, { everyMs: number; tab: string; passedMs: number }>();
  const frozen = new Set<string>();
  let holder: (typeof queue)[number] | undefined;

  function grant(): void {
    if (holder !== undefined) return;
    holder = queue.shift();
    holder?.hold();
  }
  function release(tab: string): void {
    const index = queue.findIndex((each) => each.tab === tab);
    if (index >= 0) queue.splice(index, 1);
    if (holder?.tab === tab) holder = undefined;
    grant();
  }

  const lockOf = (tab: string): TabLock => ({
    request({ signal, steal, hold, onStolen }) {
      const one = { tab, hold, onStolen };
      signal.addEventListener("abort", () => {
        if (holder === one || queue.includes(one)) release(tab);
      });
      if (!steal) {
        queue.push(one);
        return grant();
      }
      const before = holder;
      holder = one;
      hold();
      before?.onStolen();
    },
  });

  const open: OpenStream = (request, listener) => {
    const stream = { ...request, ...listener, isOpen: true };
    streams.push(stream);
    return {
      close: () => {
        stream.isOpen = false;
      },
    };
  };

  function openTab(tab: string) {
    const seen: string[] = [];
    let gaps = 0;
    const connection = createLiveConnection((request, listener) =>
      connectShared(
        {
          open,
          tab,
          lock: lockOf(tab),
          channel: {
            post: (message) => {
              for (const [other, listen] of [...listeners])
                if (other !== tab && !frozen.has(tab)) listen(structuredClone(message));
            },
            listen(listen) {
              listeners.set(tab, listen);
              return () => listeners.delete(tab);
            },
          },
          setTimer(work, everyMs) {
            timers.set(work, { everyMs, tab, passedMs: 0 });
            return () => timers.delete(work);
          },
        },
        request,
        listener,
      ),
    );
    connection.onChange((change) => seen.push(...change.runs.map(({ runId }) => runId)));
    connection.onGap(() => gaps++);
    connection.open();
    return {
      connection,
      seen,
      gaps: () => gaps,
      crash() {
        listeners.delete(tab);
        for (const [work, timer] of timers) if (timer.tab === tab) timers.delete(work);
        const [stream] = running();
        if (holder?.tab === tab && stream !== undefined) stream.isOpen = false;
        release(tab);
      },
      freeze: () => frozen.add(tab),
    };
  }

  const running = (): Asked[] => streams.filter(({ isOpen }) => isOpen);
  return {
    openTab,
    running,
    leader: () => holder?.tab,
    pass(ms: number) {
      for (const [work, timer] of [...timers]) {
        if (frozen.has(timer.tab)) continue;
        timer.passedMs += ms;
        for (; timer.passedMs >= timer.everyMs && timers.has(work); timer.passedMs -= timer.everyMs) work();
      }
    },
    push(id: string, followed: LiveChange["followed"] = []) {
      const change = { runs: [{ runId: id }], followed } as unknown as LiveChange;
      for (const stream of running()) {
        stream.onOpen();
        stream.onChange(id, change);
      }
    },
  };
}

test("twenty tabs are live on one stream", () => {
  const { openTab, running, push } = browser();
  const tabs = Array.from({ length: 20 }, (_, index) => openTab(`tab ${index}`));
  expect(running()).toHaveLength(1);
  push("g-1");
  for (const { seen, connection } of tabs) {
    expect(seen).toEqual(["g-1"]);
    expect(connection.state().connection).toBe("open");
  }
});

test.each(["hidden", "crashed"])(
  "when the leading tab is %s, the next goes on where it was itself",
  (how) => {
    const { openTab, running, push, leader } = browser();
    const [first, second, third] = [openTab("a"), openTab("b"), openTab("c")];
    push("g-1");
    expect(leader()).toBe("a");
    if (how === "hidden") first.connection.pause();
    else first.crash();
    expect(leader()).toBe("b");
    expect(running()).toHaveLength(1);
    expect(running()[0]?.lastEventId).toBe("g-1");
    push("g-2");
    expect([first.seen, second.seen, third.seen]).toEqual([["g-1"], ["g-1", "g-2"], ["g-1", "g-2"]]);
    expect(second.gaps() + third.gaps()).toBe(0);
  },
);

test("a hidden browser has no stream at all, and a tab that is shown again asks for what it missed", () => {
  const { openTab, running, push } = browser();
  const [one, other] = [openTab("a"), openTab("b")];
  push("g-1");
  one.connection.pause();
  push("g-2");
  other.connection.pause();
  expect(running()).toHaveLength(0);
  other.connection.open();
  expect(running().map(({ lastEventId }) => lastEventId)).toEqual(["g-2"]);
  push("g-3");
  // The other tab has the stream and is further on: nobody says again what this one missed.
  one.connection.open();
  expect(one.gaps()).toBe(1);
  push("g-4");
  expect(one.seen).toEqual(["g-1", "g-4"]);
});

test("the runs that all tabs look at are followed together, each from where it is", () => {
  const { openTab, running, push, pass } = browser();
  const [a, b] = [openTab("a"), openTab("b")];
  a.connection.follow("r-1", 4);
  const leave = b.connection.follow("r-2", 7);
  pass(50);
  expect(running().map(({ follow }) => follow)).toEqual([
    [
      { runId: "r-1", afterSeq: 4 },
      { runId: "r-2", afterSeq: 7 },
    ],
  ]);
  push("g-1", [{ runId: "r-1", events: [{ seq: 9 } as LiveChange["followed"][number]["events"][number]] }]);
  leave();
  pass(50);
  expect(running().map(({ follow }) => follow)).toEqual([[{ runId: "r-1", afterSeq: 9 }]]);
});

test("a leading tab that is frozen is relieved, and follows when it thaws", () => {
  const { openTab, running, push, pass, leader } = browser();
  const [first, second] = [openTab("a"), openTab("b")];
  push("g-1");
  first.freeze();
  pass(10_000);
  expect(leader()).toBe("b");
  expect(running()).toHaveLength(1);
  push("g-2");
  expect(second.seen).toEqual(["g-1", "g-2"]);
});

test("a lost server is said in every tab, and in every tab that it is back", () => {
  const { openTab, running, push } = browser();
  const tabs = [openTab("a"), openTab("b")];
  push("g-1");
  running()[0]?.onLost();
  for (const { connection } of tabs) expect(connection.state().connection).toBe("reconnecting");
  push("g-2");
  for (const tab of tabs) {
    expect(tab.connection.state().connection).toBe("open");
    expect(tab.gaps()).toBe(1);
  }
});

test("a stream that is opened again and not taken is said in every tab", () => {
  const { openTab, running, push, pass } = browser();
  const [a, b] = [openTab("a"), openTab("b")];
  push("g-1");
  a.connection.follow("r-1", 4);
  expect(running()).toHaveLength(1);
  pass(5_000);
  for (const { connection } of [a, b]) expect(connection.state().connection).toBe("reconnecting");
  push("g-2");
  for (const tab of [a, b]) {
    expect(tab.connection.state().connection).toBe("open");
    expect(tab.gaps()).toBe(1);
  }
  pass(5_000);
  for (const { connection } of [a, b]) expect(connection.state().connection).toBe("open");
});

test("one who goes from run to run learns all the same that the server is silent", () => {
  const { openTab, push, pass } = browser();
  const { connection } = openTab("a");
  push("g-1");
  for (const runId of ["r-1", "r-2", "r-3"]) {
    connection.follow(runId, 0);
    pass(2_000);
  }
  expect(connection.state().connection).toBe("reconnecting");
});

test("a tab that takes the lead while the server is silent says so", () => {
  const { openTab, push, pass, leader } = browser();
  const [first, second] = [openTab("a"), openTab("b")];
  push("g-1");
  first.connection.pause();
  expect(leader()).toBe("b");
  expect(second.connection.state().connection).toBe("open");
  pass(5_000);
  expect(second.connection.state().connection).toBe("reconnecting");
});

test("a fresh tab that takes the lead goes on where the others are", () => {
  const { openTab, running, push, leader } = browser();
  const first = openTab("a");
  push("g-1");
  openTab("b");
  first.crash();
  expect(leader()).toBe("b");
  expect(running().map(({ lastEventId }) => lastEventId)).toEqual(["g-1"]);
});

test("a fresh tab that was hidden before it was told anything asks for what it missed", () => {
  const { openTab, push } = browser();
  openTab("a");
  push("g-1");
  const second = openTab("b");
  second.connection.pause();
  push("g-2");
  second.connection.open();
  expect(second.gaps()).toBe(1);
});
