import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import { bookTrip } from "../src/book-trip.ts";
import { processPayment } from "../src/jobs.ts";
import { openStack, until } from "./stack.ts";

// A handful of processes start one after another, on a machine that may have other things to do.
vi.setConfig({ testTimeout: 120_000 });

const child = join(import.meta.dirname, "deadly-worker-child.ts");

/** Starts the worker again whenever it ends, as a supervisor does. */
function keepRunning(url: string): { readonly deaths: () => number } {
  let deaths = 0;
  let stopped = false;
  const start = (): void => {
    const running = spawn(process.execPath, [child, url], { stdio: "ignore" });
    onTestFinished(() => {
      stopped = true;
      running.kill("SIGKILL");
    });
    void once(running, "exit").then(([code]) => {
      if (code === 7) deaths++;
      if (!stopped) start();
    });
  };
  start();
  return { deaths: () => deaths };
}

const { maxAttempts = 0 } = processPayment.options.retry ?? {};

const trip = {
  customer: { name: "Ada", email: "ada@example.com" },
  flight: { from: "LIS", to: "CDG", departsOn: "2027-01-10" },
  hotel: { city: "Paris", nights: 2 },
  amountCents: 20_000,
  timeZone: "Europe/Paris",
};

test("an attempt that ends every worker that takes it up ends as many as its job has attempts, and every other run goes on", async () => {
  await using stack = await openStack();
  const neighbours = Array.from({ length: 12 }, (_, index) => `trip-${index}`);
  const all = [...neighbours.slice(0, 6), "deadly", ...neighbours.slice(6)];
  await Promise.all(
    all.map((runId) => stack.client.start(bookTrip, { ...trip, tripId: runId }, { runId, wait: "sent" })),
  );
  const { deaths } = keepRunning(stack.url);
  const failuresOf = (runId: string) =>
    stack.eventsOf(runId).flatMap((event) => (event.type === "AttemptFailed" ? [event.failure.name] : []));
  await until(() => stack.eventsOf("deadly").some(({ type }) => type === "JobStuck"), "the last attempt");
  expect(failuresOf("deadly")).toEqual(Array.from({ length: maxAttempts }, () => "WorkerEnded"));
  expect(deaths()).toBe(maxAttempts);
  const waits = stack.eventsOf("deadly").flatMap((event) => ("retryAt" in event ? [event.retryAt] : []));
  expect(waits).toHaveLength(maxAttempts - 1);

  const paid = (runId: string) => stack.eventsOf(runId).some(({ type }) => type === "JobCompleted");
  await until(() => neighbours.every(paid), "everybody else's payment");
  // Those that had begun when a worker ended are tried again; none of them is taken along again and again.
  for (const runId of neighbours) expect(failuresOf(runId).length).toBeLessThanOrEqual(2);
});
