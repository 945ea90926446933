import type { Me } from "@downbeat/api/views";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { askWhoLooks, isAnother } from "./ask-who-looks.ts";
import type { LiveState } from "./live-connection.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test("who looks is asked while the stream is lost, and once more when it is back", () => {
  const world: { connection: LiveState["connection"]; tell: () => void } = {
    connection: "connecting",
    tell: () => {},
  };
  const ask = vi.fn();
  const stop = askWhoLooks(
    {
      state: () => ({ connection: world.connection }),
      onState: (listener) => {
        world.tell = listener;
        return () => (world.tell = () => {});
      },
    },
    ask,
  );
  const become = (connection: LiveState["connection"]) => {
    world.connection = connection;
    world.tell();
    return ask.mock.calls.length;
  };
  expect([become("open"), become("open"), become("reconnecting"), become("reconnecting")]).toEqual([
    0, 0, 1, 1,
  ]);
  vi.advanceTimersByTime(3_000);
  expect([become("open"), become("open")]).toEqual([3, 3]);
  expect([become("reconnecting"), become("paused")]).toEqual([4, 4]);
  become("reconnecting");
  stop();
  vi.advanceTimersByTime(30_000);
  expect(ask).toHaveBeenCalledTimes(5);
});

test("somebody else, and the same one with another role, is another", () => {
  const ada: Me = {
    actor: "Ada Lovelace <local|ada>",
    role: "admin",
    permissions: [],
    signedIn: { name: "Ada Lovelace", id: "local|ada", by: "account" },
  };
  expect(isAnother(ada, { ...ada })).toBe(false);
  expect(isAnother(ada, { ...ada, permissions: [] })).toBe(false);
  expect(isAnother(ada, { ...ada, role: "viewer" })).toBe(true);
  expect(isAnother(ada, { ...ada, actor: "Grace <local|grace>" })).toBe(true);
  expect(isAnother(ada, { actor: ada.actor, role: ada.role, permissions: [] })).toBe(true);
});
