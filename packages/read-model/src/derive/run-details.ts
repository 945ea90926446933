import { type Failure, rootCause } from "@downbeat/domain";
import { compensationCounts } from "../fold/compensation.ts";
import type { RunFold } from "../fold/run-fold.ts";
import type { RunDetails } from "../rows.ts";
import { waitsOf } from "./wait.ts";

/** The parts of a run's summary that lists don't filter by. */
export function detailsOf(fold: RunFold): RunDetails {
  const waits = waitsOf(fold);
  const compensations = compensationCounts(fold);
  return {
    labels: fold.labels,
    ...(fold.build !== undefined && { build: fold.build }),
    ...(fold.pinnedTo !== undefined && fold.status === "running" && { pinnedTo: fold.pinnedTo }),
    ...(fold.awaitedAnswer !== undefined &&
      waits === undefined &&
      fold.status === "running" && { askedSince: fold.awaitedAnswer.since }),
    ...(fold.awaitedAnswer?.declined !== undefined &&
      fold.status === "running" && { declined: fold.awaitedAnswer.declined }),
    ...(fold.closing !== undefined && fold.status === "running" && { closing: fold.closing }),
    ...(fold.failure !== undefined && fold.status !== "completed" && { failure: brief(fold.failure) }),
    ...(fold.endedBy !== undefined && { endedBy: fold.endedBy }),
    ...(fold.damaged !== undefined && { damaged: fold.damaged }),
    ...(waits !== undefined && { waits }),
    ...(compensations !== undefined && { compensations }),
  };
}

const longestMessage = 1_000;

/** For lists: the whole of it is in the events. Of the causes, where it began is kept. */
export function brief({ stack: _, details: __, causes, message, ...rest }: Failure): Failure {
  const root = rootCause({ ...(causes !== undefined && { causes }) });
  return {
    ...rest,
    message: cut(message),
    ...(root !== undefined && { causes: [{ depth: 1, name: root.name, message: cut(root.message) }] }),
  };
}

function cut(message: string): string {
  return message.length > longestMessage ? `${message.slice(0, longestMessage)}…` : message;
}
