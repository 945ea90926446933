/** What an author's first test of a process takes, and those after it: a workflow that waits two days for an approval, from `testEnvironment` to `close`. */
const importing = performance.now();
const { testEnvironment } = await import("@downbeat/sdk/testing");
const { placeOrder } = await import("../../docs/examples/testing/place-order.ts");
const imported = performance.now() - importing;

/** Of this thread, ms: what others do on the machine counts less than by the clock. */
function processorTime(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1_000;
}

const tests: { readonly clock: number; readonly processor: number }[] = [];
for (let number = 0; number < 20; number++) {
  const [began, used] = [performance.now(), processorTime()];
  const env = await testEnvironment({
    workflows: [placeOrder],
    jobs: { processPayment: () => ({ receiptId: "r-1" }), refundPayment: () => {} },
  });
  const run = await env.start(placeOrder, { id: "A-17", cents: 5_000 });
  await run.result().catch(() => {});
  if (run.status !== "failed") throw new Error(`The order was to time out, and is ${run.status}.`);
  await env.close();
  tests.push({ clock: performance.now() - began, processor: processorTime() - used });
}
process.send?.({ imported, tests });

export {};
