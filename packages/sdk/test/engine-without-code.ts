import {
  AnnouncedWorkflows,
  type Clock,
  DelegatedToWorkers,
  type Delegation,
  Engine,
  MemoryStateStore,
  systemClock,
} from "@downbeat/engine";
import type { MessageLog } from "@downbeat/message-log";
import { inProcessDecisions } from "../src/decisions/index.ts";

interface Given {
  readonly partitions: number;
  readonly owner?: string;
  /** Default: by what workers announce. */
  readonly delegation?: Delegation;
  /** Default: this process's. A test that moves it moves its log's too. */
  readonly clock?: Clock;
}

/** An engine that hosts nobody's code: workers have it. It has read what was announced when this resolves. */
export async function engineWithoutCode(connect: () => MessageLog, { partitions, ...given }: Given) {
  const announced = new AnnouncedWorkflows(connect(), systemClock);
  const {
    owner = "engine-1",
    clock = systemClock,
    delegation = new DelegatedToWorkers([], announced),
  } = given;
  const engine = new Engine({
    log: connect(),
    decisions: inProcessDecisions([]),
    delegation,
    partitions,
    owner,
    clock,
    store: () => new MemoryStateStore(),
    wallClock: Date.now,
    tickMs: 200,
  });
  await announced.ready;
  engine.start();
  return {
    announced,
    stop: async () => {
      await engine.stop();
      await announced.close();
    },
  };
}
