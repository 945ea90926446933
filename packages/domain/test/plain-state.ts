import { openJobs, openTimers, openWaits, orderedMap, type RunState } from "../src/index.ts";

/** What a state says, apart from how it is kept: as the frozen histories write it. */
export function plainState(state: RunState): object {
  const actions = orderedMap.keys(state.actions);
  const unanswered = orderedMap.keys(state.unanswered);
  if (state.status !== "running") return without({ ...state, actions, unanswered });
  const { jobs, timers, waits, waitsByName, buffered, bufferedCount, seenSignals, due, ...rest } = state;
  const { compensationCount, labelNames, lingering, ...basics } = rest;
  return without({
    ...basics,
    // Came later than most of the frozen histories.
    ...(lingering !== null && {
      lingering: Object.fromEntries(
        Array.from(orderedMap.entries(lingering), ({ key, value }) => [key, value]),
      ),
    }),
    actions,
    unanswered,
    jobs: Object.fromEntries(openJobs(state).map((job) => [job.jobId, job])),
    timers: Object.fromEntries(openTimers(state).map(({ timerId, ...timer }) => [timerId, timer])),
    waits: openWaits(state).map(({ waitId, name }) => ({ waitId, name })),
    buffered: orderedMap
      .values(buffered)
      .flatMap((signals) => Array.from(orderedMap.entries(signals)))
      .sort((a, b) => a.key - b.key)
      .map(({ value: signalId }) => ({ signalId, name: orderedMap.get(seenSignals, signalId)?.name })),
    seenSignals: Array.from(orderedMap.entries(seenSignals))
      .sort((a, b) => a.value.seq - b.value.seq)
      .map(({ key }) => key),
  });
}

/** Came later than the frozen histories; what it says follows from the run's start. */
function without({ inputHash: _, ...rest }: Readonly<Record<string, unknown>>): object {
  return rest;
}
