import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createClient } from "../trpc/client.ts";
import { eventStreamOf } from "./event-stream.ts";

/** A browser's event source; the test is the server's end. */
class FakeEventSource extends EventTarget {
  static readonly CLOSED = 2;
  static readonly all: FakeEventSource[] = [];
  readonly CLOSED = 2;
  readyState = 0;

  constructor() {
    super();
    FakeEventSource.all.push(this);
  }

  open(): void {
    this.readyState = 1;
    this.dispatchEvent(new MessageEvent("connected", { data: "{}" }));
  }

  refuse(): void {
    this.readyState = 2;
    this.dispatchEvent(new Event("error"));
  }

  breakOff(): void {
    this.readyState = 0;
    this.dispatchEvent(new Event("error"));
  }

  close(): void {
    this.readyState = 2;
  }
}

const soon = { timeout: 20_000 };

function openStream() {
  const told: string[] = [];
  const client = createClient({ tenant: "public", namespace: "default" });
  const stream = eventStreamOf(client)(
    { follow: [], lastEventId: undefined },
    { onOpen: () => told.push("open"), onLost: () => told.push("lost"), onChange: () => {} },
  );
  return { told, stream };
}

async function source(index: number): Promise<FakeEventSource> {
  return await vi.waitFor(() => {
    const found = FakeEventSource.all[index];
    if (found === undefined) throw new Error(`no stream ${index} yet`);
    return found;
  }, soon);
}

beforeEach(() => {
  FakeEventSource.all.length = 0;
  vi.stubGlobal("EventSource", FakeEventSource);
});
afterEach(() => vi.unstubAllGlobals());

test("a server that turns the stream down is lost before it was ever there", async () => {
  const { told, stream } = openStream();
  (await source(0)).refuse();
  await vi.waitFor(() => expect(told).toEqual(["lost"]), soon);
  (await source(1)).open();
  await vi.waitFor(() => expect(told).toEqual(["lost", "open"]), soon);
  stream.close();
});

test("a connection that breaks before it was open is lost, and the first attempt alone is not", async () => {
  const { told, stream } = openStream();
  const first = await source(0);
  expect(told).toEqual([]);
  first.breakOff();
  await vi.waitFor(() => expect(told).toEqual(["lost"]), soon);
  stream.close();
});
