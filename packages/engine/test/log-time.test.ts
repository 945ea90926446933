import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { LogTime } from "../src/log-time.ts";
import { PartitionTime } from "../src/partition-time.ts";
import { EngineClock } from "./engine-clock.ts";

const minute = 60_000;
const hour = 60 * minute;
const epoch = Date.UTC(2026, 9, 23, 12);

/** A log whose clock a test sets, and an engine that reads it. */
function opened() {
  const clock = new EngineClock();
  const said: string[] = [];
  const onStray = (what: string, byMs: number) => said.push(`${what} ${Math.round(byMs / minute)}`);
  const log = { ahead: 0 };
  const trueTime = () => epoch + clock.monotonic();
  const publishTime = () => trueTime() + log.ahead;
  const pass = async (ms: number) => clock.manual.advance(ms);
  return { clock, log, said, onStray, trueTime, publishTime, pass };
}

describe("the log's time", () => {
  test("is not known before a message came", () => {
    expect(new LogTime(new EngineClock()).now()).toBeUndefined();
  });

  test("goes on by the monotonic clock from the message that was seen soonest after it was published", async () => {
    const { clock, pass, publishTime, trueTime } = opened();
    const time = new LogTime(clock);
    const late = publishTime();
    await pass(5_000);
    time.observe(late);
    expect(time.now()).toBe(trueTime() - 5_000);
    const soon = publishTime();
    await pass(3);
    time.observe(soon);
    await pass(1_000);
    time.observe(late);
    expect(time.now()).toBe(trueTime() - 3);
  });

  test("never runs ahead of a log whose clock is right, whatever is read when", async () => {
    const step = fc.record({ pass: fc.nat(90_000), lag: fc.nat(50_000), isOwn: fc.boolean() });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
        const { clock, pass, publishTime, said, onStray, trueTime } = opened();
        const time = new LogTime(clock, onStray);
        for (const { pass: ms, lag, isOwn } of steps) {
          await pass(ms);
          const sentAt = clock.monotonic();
          const published = publishTime();
          await pass(lag);
          time.observe(published, isOwn ? sentAt : undefined);
          expect(time.now() ?? 0).toBeLessThanOrEqual(trueTime());
        }
        expect(said).toEqual([]);
      }),
      { numRuns: 50 },
    );
  });

  /** It has sent a message of its own and read it back, as an owner has with its claim. */
  async function known() {
    const made = opened();
    const time = new LogTime(made.clock, made.onStray);
    const roundTrip = async () => {
      const sentAt = made.clock.monotonic();
      const published = made.publishTime();
      await made.pass(5);
      time.observe(published, sentAt);
    };
    await roundTrip();
    return { ...made, roundTrip, time };
  }

  test("does not follow a clock that jumps ahead for seconds, and says so", async () => {
    const { log, pass, publishTime, roundTrip, said, time, trueTime } = await known();
    await pass(minute);
    log.ahead = 2 * hour;
    for (let second = 0; second < 6; second++) {
      await pass(1_000);
      time.observe(publishTime());
      await roundTrip();
      expect(trueTime() - (time.now() ?? 0)).toBe(5);
    }
    log.ahead = 0;
    await roundTrip();
    await roundTrip();
    expect(time.now()).toBe(trueTime() - 5);
    expect(said).toEqual(["ahead 120", "over 0"]);
  });

  test("follows a clock that has stayed where it jumped to for a minute", async () => {
    const { log, pass, roundTrip, said, time, trueTime } = await known();
    log.ahead = 2 * hour;
    await roundTrip();
    expect(trueTime() - (time.now() ?? 0)).toBe(5);
    await pass(minute);
    await roundTrip();
    expect(time.now()).toBe(trueTime() + 2 * hour - 5);
    expect(said).toEqual(["ahead 120", "followed 120"]);
    // That is where it is now: another jump is one from there.
    log.ahead = 4 * hour;
    await roundTrip();
    expect(time.now()).toBe(trueTime() + 2 * hour - 5);
    expect(said.at(-1)).toBe("ahead 120");
  });

  test("follows a clock that was set back as soon as an own message says so, and says so itself", async () => {
    const { log, roundTrip, said, time, trueTime } = await known();
    log.ahead = -2 * hour;
    await roundTrip();
    expect(time.now()).toBe(trueTime() - 2 * hour - 5);
    expect(said).toEqual(["back 120"]);
  });

  test("follows it after two minutes at most where nothing is sent", async () => {
    const { log, pass, publishTime, time, trueTime } = await known();
    log.ahead = -2 * hour;
    time.observe(publishTime());
    expect(time.now()).toBe(trueTime() - 5);
    for (let seconds = 0; seconds < 130; seconds += 5) {
      await pass(5_000);
      time.observe(publishTime());
    }
    expect(time.now()).toBe(trueTime() - 2 * hour);
  });

  test("is right again a minute after a clock was set back for seconds", async () => {
    const { log, pass, roundTrip, said, time, trueTime } = await known();
    log.ahead = -2 * hour;
    await pass(1_000);
    await roundTrip();
    await pass(5_000);
    log.ahead = 0;
    for (let seconds = 0; seconds <= 60; seconds += 5) {
      await roundTrip();
      await pass(5_000);
    }
    expect(said).toEqual(["back 120", "ahead 120", "followed 120"]);
    expect(trueTime() - (time.now() ?? 0)).toBe(5);
  });

  test("follows a clock that runs a little faster or slower than this machine's", async () => {
    for (const pace of [0.0005, -0.0005]) {
      const { clock, log, pass, roundTrip, said, time, publishTime } = await known();
      for (let minutes = 1; minutes < 600; minutes++) {
        await pass(minute);
        log.ahead = Math.round(clock.monotonic() * pace);
        await roundTrip();
        expect(Math.abs(publishTime() - (time.now() ?? 0))).toBeLessThan(200);
      }
      expect(said).toEqual([]);
    }
  });

  test("is known to who only follows an owner: a clock that jumps while it takes over is not followed", async () => {
    const { clock, log, onStray, pass, publishTime, said, trueTime } = opened();
    const time = new LogTime(clock, onStray);
    const at = trueTime();
    await pass(200);
    time.observe(publishTime());
    time.told(at);
    await pass(30_000);
    log.ahead = 2 * hour;
    const sentAt = clock.monotonic();
    time.observe(publishTime(), sentAt);
    expect(time.now()).toBe(trueTime());
    expect(said).toEqual(["ahead 120"]);
  });
});

describe("the log's time, to the ms,", () => {
  test("is the best that was seen in this minute and the one before, and no longer", async () => {
    const { clock, pass, trueTime } = opened();
    const time = new LogTime(clock);
    const late = () => time.observe(trueTime() - 500);
    time.observe(trueTime() - 3);
    for (let times = 0; times < 3; times++) late();
    expect(time.now()).toBe(trueTime() - 3);
    await pass(minute);
    late();
    for (let times = 0; times < 3; times++) {
      await pass(1);
      late();
    }
    await pass(minute - 3);
    late();
    expect(time.now()).toBe(trueTime() - 3);
    await pass(2);
    late();
    await pass(2);
    late();
    expect(time.now()).toBe(trueTime() - 500);
  });

  test("follows who sends nothing ten seconds ahead of what another said, and not one ms more", async () => {
    const { clock, onStray, pass, said, trueTime } = opened();
    await pass(hour);
    const time = new LogTime(clock, onStray);
    time.told(trueTime());
    time.observe(trueTime() + 10_000);
    expect(said).toEqual([]);
    time.observe(trueTime() + 10_001);
    expect(said).toEqual(["ahead 0"]);
    expect(time.now()).toBe(trueTime() + 10_000);
  });

  test("is where a clock was set that has stayed there, to who only follows too", async () => {
    const { clock, onStray, pass, said, trueTime } = opened();
    const time = new LogTime(clock, onStray);
    time.told(trueTime());
    time.observe(trueTime() + 2 * hour);
    await pass(minute - 1);
    time.observe(trueTime() + 2 * hour);
    expect(said).toEqual(["ahead 120"]);
    await pass(1);
    for (let times = 0; times < 3; times++) time.observe(trueTime() + 2 * hour);
    expect(said).toEqual(["ahead 120", "followed 120"]);
    expect(time.now()).toBe(trueTime() + 2 * hour);
  });

  test("takes a clock for set back that is more than a second behind", async () => {
    for (const [back, isSaid] of [
      [1_000, false],
      [1_001, true],
    ] as const) {
      const { clock, onStray, said, trueTime } = opened();
      const time = new LogTime(clock, onStray);
      time.observe(trueTime(), clock.monotonic());
      time.observe(trueTime() - back, clock.monotonic());
      expect(said.length > 0).toBe(isSaid);
      expect(time.now()).toBe(trueTime() - (isSaid ? back : 0));
    }
  });

  test("follows a clock that was set back whatever was seen in the minutes before", async () => {
    const { clock, onStray, pass, said, trueTime } = opened();
    const time = new LogTime(clock, onStray);
    for (let minutes = 0; minutes < 3; minutes++) {
      time.observe(trueTime(), clock.monotonic());
      await pass(minute + 1);
    }
    time.observe(trueTime() - hour, clock.monotonic());
    expect(time.now()).toBe(trueTime() - hour);
    expect(said).toEqual(["back 60"]);
  });

  test("is known by the quickest of the own messages, a thousandth less well as time goes by", async () => {
    const { clock, onStray, pass, said, trueTime } = opened();
    const time = new LogTime(clock, onStray);
    await pass(hour);
    time.observe(trueTime(), clock.monotonic());
    // A slow one says less.
    const sentAt = clock.monotonic();
    await pass(30_000);
    time.observe(trueTime(), sentAt);
    time.observe(trueTime() + 1_030);
    expect(said).toEqual([]);
    time.observe(trueTime() + 1_031);
    expect(said).toEqual(["ahead 0"]);
  });
});

describe("the partition's time", () => {
  test("is never before what is recorded, and never goes back", async () => {
    const { clock, pass, publishTime, onStray, trueTime } = opened();
    const time = new PartitionTime({ clock, onStray });
    await pass(100);
    expect(time.now(epoch + 70)).toBe(epoch + 70);
    await pass(100);
    time.observe(publishTime(), clock.monotonic());
    expect(time.now(0)).toBe(trueTime());
    expect(time.now(trueTime() - 1)).toBe(trueTime());
    expect(time.now(trueTime() + 1)).toBe(trueTime() + 1);
    expect(time.now(0)).toBe(trueTime() + 1);
  });

  test("goes on when what is recorded is ahead of the log by two hours, and says so once", async () => {
    const { clock, pass, publishTime, said, onStray, trueTime } = opened();
    const time = new PartitionTime({ clock, onStray });
    time.observe(publishTime(), clock.monotonic());
    const dragged = trueTime() + 2 * hour;
    expect(time.now(dragged)).toBe(dragged);
    await pass(hour);
    time.observe(publishTime(), clock.monotonic());
    const later = time.now(dragged);
    // An hour lasts an hour, give or take, and never less.
    expect(later - dragged).toBeLessThanOrEqual(hour);
    expect(later - dragged).toBeGreaterThan(0.95 * hour);
    expect(said).toEqual(["behind 120"]);
  });

  test("is the log's again in the end", async () => {
    const { clock, pass, publishTime, onStray, trueTime } = opened();
    const time = new PartitionTime({ clock, onStray });
    time.observe(publishTime(), clock.monotonic());
    time.now(trueTime() + minute);
    await pass(4 * hour);
    time.observe(publishTime(), clock.monotonic());
    expect(time.now(0)).toBe(trueTime());
  });

  test("is what another owner has recorded, not what was thought here", async () => {
    const { clock, pass, publishTime, onStray, trueTime } = opened();
    const time = new PartitionTime({ clock, onStray });
    time.observe(publishTime(), clock.monotonic());
    time.now(trueTime() + 2 * hour);
    await pass(minute);
    const at = trueTime() + 2 * hour - 30_000;
    time.told(at);
    expect(time.now(at)).toBe(at);
  });
  test("is not set back by another owner's record that was read late, because this process stood still", async () => {
    const { clock, pass, publishTime, onStray, trueTime } = opened();
    const time = new PartitionTime({ clock, onStray });
    time.observe(publishTime(), clock.monotonic());
    time.now(trueTime() + 2 * hour);
    await pass(3_000);
    const at = trueTime() + 2 * hour;
    await pass(4_000);
    time.told(at);
    expect(time.now(at)).toBe(Math.floor(trueTime() + 2 * hour - 35));
    await pass(2_000);
    time.now(at);
    // Read at once: so late it is.
    await pass(100);
    time.told(at + 100);
    expect(time.now(at)).toBe(at + 100);
  });
});

describe("the partition's time, to the ms,", () => {
  test("is what another owner says while nothing else is known, ahead or behind", async () => {
    const { clock, pass, said, onStray, trueTime } = opened();
    const time = new PartitionTime({ clock, onStray });
    time.told(trueTime());
    expect(time.now(0)).toBe(trueTime());
    await pass(100);
    time.told(trueTime() - 60);
    expect(time.now(0)).toBe(trueTime() - 60);
    expect(said).toEqual([]);
  });

  test("doesn't follow a clock that jumps after another owner said how late it is", async () => {
    const { clock, said, onStray, trueTime } = opened();
    const time = new PartitionTime({ clock, onStray });
    time.told(trueTime());
    time.observe(trueTime() + hour);
    expect(time.now(0)).toBe(trueTime());
    expect(said).toEqual(["ahead 60"]);
  });

  test("says that the log is behind what is recorded when that is more than ten seconds, once each time", async () => {
    const { clock, pass, publishTime, said, onStray, trueTime } = opened();
    const time = new PartitionTime({ clock, onStray });
    time.observe(publishTime(), clock.monotonic());
    time.now(trueTime() + 10_000);
    expect(said).toEqual([]);
    const drag = async () => {
      await pass(1);
      time.observe(publishTime(), clock.monotonic());
      const ahead = trueTime() + minute;
      for (let times = 0; times < 3; times++) time.now(ahead);
    };
    await drag();
    expect(said).toEqual(["behind 1"]);
    // Less, but not over.
    await pass(minute);
    time.observe(publishTime(), clock.monotonic());
    time.now(0);
    await drag();
    expect(said).toEqual(["behind 1"]);
    await pass(5 * hour);
    time.observe(publishTime(), clock.monotonic());
    expect(time.now(0)).toBe(trueTime());
    await drag();
    expect(said).toEqual(["behind 1", "behind 1"]);
  });

  /** Time was asked for, and then not for so long; then in short steps. */
  async function stoodStill(ms: number, steps: readonly number[]) {
    const { clock, pass, onStray, trueTime } = opened();
    const time = new PartitionTime({ clock, onStray });
    time.now(trueTime() + hour);
    await pass(ms);
    const at = time.now(0);
    for (const step of steps) {
      await pass(step);
      time.now(0);
    }
    const before = time.now(0);
    time.told(at - 200);
    return time.now(0) < before;
  }

  test("goes back to another owner's unless this process stood still for more than half a second until just now", async () => {
    expect(await stoodStill(500, [])).toBe(true);
    expect(await stoodStill(501, [])).toBe(false);
    expect(await stoodStill(5_000, [400, 400, 199])).toBe(false);
    expect(await stoodStill(5_000, [400, 400, 200])).toBe(true);
  });
});
