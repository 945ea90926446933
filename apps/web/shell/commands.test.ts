import { expect, test } from "vitest";
import { type Command, createCommandRegistry, createKeyMatcher } from "./commands.ts";

const command = (id: string, keys: string): Command => ({
  id,
  label: id,
  group: "Everywhere",
  keys,
  run: () => undefined,
});
const press = (key: string, timeStamp = 0, ctrlKey = false) => ({
  ...{ key, ctrlKey, metaKey: false, altKey: false, timeStamp },
});

test("a key, a chord and a sequence find their commands", () => {
  const match = createKeyMatcher(() => [
    command("next", "j"),
    command("palette", "mod+k"),
    command("runs", "g r"),
  ]);
  expect(match(press("j"))?.id).toBe("next");
  expect(match(press("k", 0, true))?.id).toBe("palette");
  expect(match(press("g"))).toBeUndefined();
  expect(match(press("r", 1_999))?.id).toBe("runs");
});

test("a sequence that takes too long is none", () => {
  const match = createKeyMatcher(() => [command("runs", "g r")]);
  match(press("g"));
  expect(match(press("r", 2_000))).toBeUndefined();
});

test("a page takes over a key for as long as it is shown", () => {
  const registry = createCommandRegistry();
  const match = createKeyMatcher(registry.list);
  registry.register([command("shell", "r")]);
  const leave = registry.register([command("page", "r")]);
  expect(match(press("r"))?.id).toBe("page");
  leave();
  expect(match(press("r"))?.id).toBe("shell");
});
