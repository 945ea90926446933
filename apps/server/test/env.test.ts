import { expect, test } from "vitest";
import { readEnv } from "../src/env.ts";

test("it listens on loopback, and on every address only in a container", () => {
  expect(readEnv({}).host).toBe("127.0.0.1");
  expect(readEnv({ DOWNBEAT_IN_CONTAINER: "false" }).host).toBe("127.0.0.1");
  expect(readEnv({ DOWNBEAT_IN_CONTAINER: "true" }).host).toBe("0.0.0.0");
  expect(() => readEnv({ DOWNBEAT_IN_CONTAINER: "perhaps" })).toThrow(
    /^DOWNBEAT_IN_CONTAINER can't be "perhaps"/,
  );
});
