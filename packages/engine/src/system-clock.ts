import { randomBytes } from "node:crypto";
import type { Clock } from "./clock.ts";

export const systemClock: Clock = {
  monotonic: () => performance.now(),
  setTimer(ms, run) {
    // setTimeout fires at once for anything over 2^31-1 ms.
    const timer = setTimeout(run, Math.min(Math.max(0, ms), 2_000_000_000));
    return () => clearTimeout(timer);
  },
  defer: (run) => void setImmediate(run),
  random: Math.random,
  newId: () => randomBytes(12).toString("base64url"),
};
