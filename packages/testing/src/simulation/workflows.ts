import { BusinessError, job, workflow } from "@downbeat/sdk";
import { z } from "zod";

/** Short times, so that back-offs and waits happen within a minute of simulated time. */
const retry = { maxAttempts: 3, initialIntervalMs: 500, maxIntervalMs: 2_000 };

const pay = job<{ amount: number }, string>("pay", {
  retry,
  startToCloseMs: 4_000,
  scheduleToStartMs: 15_000,
});
const refund = job<string, string>("refund", { retry, scheduleToStartMs: 15_000 });
const bookFlight = job<string, string>("bookFlight", {
  retry,
  scheduleToStartMs: 15_000,
  heartbeatMs: 3_000,
});
const bookHotel = job<string, string>("bookHotel", {
  retry,
  scheduleToStartMs: 15_000,
  whenExhausted: "fail",
});
const cancelFlight = job<string, string>("cancelFlight", { retry, scheduleToStartMs: 15_000 });
const notify = job<string, string>("notify", { retry, scheduleToStartMs: 15_000 });

export const jobTypes = [pay, refund, bookFlight, bookHotel, cancelFlight, notify].map((one) => one.name);

/** Everything at once: jobs one after another and side by side, compensation, a sleep, a signal with a time-out. */
const trip = workflow("trip", async (run, input: { amount: number; approval: boolean; holdMs: number }) => {
  const receipt = await run.job(pay, { amount: input.amount });
  run.compensate(refund, receipt);
  const [flight] = await Promise.all([
    run.job(bookFlight, receipt).then((booked) => {
      run.compensate(cancelFlight, booked);
      return booked;
    }),
    run.job(bookHotel, receipt),
  ]);
  if (input.holdMs > 0) await run.sleep(input.holdMs);
  if (input.approval) {
    const approved = await run.signal<boolean>("approval", { timeout: 8_000 });
    if (approved === undefined) throw new BusinessError("NotApproved", "nobody approved in time");
  }
  return run.job(notify, `${flight} ${run.now().getTime()} ${run.uuid()}`);
});

/** Nothing but time: its partition falls silent while it waits. In half of them for several, the longest first. */
const nap = workflow("nap", async (run, { ms }: { ms: number }) => {
  // Whatever people do to its timers: it is as late for the code as it wanted to wait.
  const sleep = async (duration: number) => {
    const until = run.now().getTime() + duration;
    await run.sleep(duration);
    if (run.now().getTime() < until) throw new Error(wokeEarly);
  };
  if (ms % 2 === 0) await sleep(ms);
  else await Promise.all([1, 0.9, 0.6, 0.9, 0.3].map((part) => sleep(ms * part)));
  return "rested";
});

export const wokeEarly = "woke early";

/** Waits for news again and again, for a while each time: all waits but the last one have lost their race. */
const watch = watching((news) => news);

/** @param held what else the code makes of the wait */
function watching(held: (news: Promise<unknown>) => Promise<unknown>) {
  return workflow("watch", async (run, { rounds }: { rounds: number }) => {
    const heard: unknown[] = [];
    for (let round = 1; round <= rounds; round++) {
      const news = await Promise.race([held(run.signal("news")), run.sleep(1_500)]);
      if (news !== undefined) heard.push(news);
      else if (round % 3 === 0) await run.job(notify, `round ${round}`);
    }
    return heard;
  });
}

/** In a third of them, the job may lose to a sleep, and the run ends without it. */
const short = workflow("short", async (run, { amount }: { amount: number }) => {
  const notified = run.job(notify, String(amount));
  return amount % 3 === 0 ? Promise.race([notified, run.sleep(amount * 10)]) : notified;
});

export const workflows = [trip, nap, watch, short];

/** What comes after its job ends the process that it runs in: see `SimulatedDecider`. */
export const deadly = workflow("deadly", async (run) => {
  await run.job(notify, "before the end");
  await run.job(notify, "never");
});

/** The same, but for waits that stay wanted when they have lost: as it was when none was given up. */
export const keepingLostWaits = [trip, nap, watching(async (news) => await news), short];

/**
 * The same of another build: `trip` changed against open runs, so neither build can go on with what the other has begun; `watch` and `short` by `run.version`, so that
 * the older build can't go on with what the newer one has decided. `nap` stays with the build that began it, in both.
 */
export const olderBuild = [trip, pinnedNap(["whole"]), watch, short];

export const newerBuild = [
  workflow("trip", async (run, input: Parameters<typeof trip.execute>[1]) => {
    await run.job(notify, "before all");
    return trip.execute(run, input);
  }),
  pinnedNap(["first", "then"]),
  workflow("watch", async (run, input: unknown) => {
    if (run.version("greets", 2) >= 2) await run.job(notify, "hello");
    return watch.execute(run, input);
  }),
  workflow("short", async (run, input: unknown) => {
    const done = await short.execute(run, input);
    if (run.version("says goodbye", 2) >= 2) await run.job(notify, "goodbye");
    return done;
  }),
];

/** Sums as the older of two builds takes them, and as the newer does; nobody takes them in pounds. */
const inEuros = z.object({ euros: z.number() });
const inCents = z.object({ cents: z.number() }).transform(({ cents }) => ({ euros: cents / 100 }));

/** What the builds take differs, and nothing else: an input, a job's result, signals that come into a wait and that lay waiting. */
function ordering(sum: z.ZodType<{ euros: number }>) {
  const quote = job("quote", { retry, scheduleToStartMs: 15_000, input: z.number(), output: sum });
  return workflow("order", { input: sum, signals: { change: sum } }, async (run, { euros }) => {
    const quoted = await run.job(quote, euros);
    const first = await run.signal("change", { timeout: 12_000 });
    if (first !== undefined) await run.job(notify, String(first.euros));
    const second = await run.signal("change", { timeout: 8_000 });
    return quoted.euros + (first?.euros ?? 0) + (second?.euros ?? 0);
  });
}

export const takesEuros = ordering(inEuros);
export const takesCents = ordering(z.union([inEuros, inCents]));

/** @param parts in which it sleeps: so many more steps, in which it may be asked */
function pinnedNap(parts: readonly string[]) {
  return workflow("nap", { versioning: "pinned" }, async (run, { ms }: { ms: number }) => {
    for (const part of [...parts, "again"]) {
      await run.job(notify, part);
      await run.sleep(Math.ceil(ms / 3));
    }
    return "rested";
  });
}
