import { TestEnvironmentError } from "./test-environment-error.ts";

/** What a test runner's fake timers put in the place of these says which clock it goes by. */
const faked = [
  ...("clock" in process.nextTick ? ["nextTick"] : []),
  ...("clock" in queueMicrotask ? ["queueMicrotask"] : []),
];

/**
 * Timers of the runner that are put in place later don't matter. These were there when the SDK was loaded, and nothing would ever go on.
 *
 * @throws TestEnvironmentError
 */
export function refuseFakeQueues(): void {
  if (faked.length === 0) return;
  throw new TestEnvironmentError(
    "fakeTimers",
    `The test runner had faked ${faked.join(" and ")} before @downbeat/sdk was loaded. Leave them real, in Jest by ` +
      'fakeTimers: { enableGlobally: true, doNotFake: ["nextTick", "queueMicrotask"] }.',
  );
}
