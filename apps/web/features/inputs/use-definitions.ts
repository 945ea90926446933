"use client";

import type { JsonSchema, KnownWorkflowList, LeftOutView } from "@downbeat/api/views";
import { useQuery } from "@tanstack/react-query";
import { useTRPC } from "@/trpc/react.ts";
import { leftOutWords } from "./left-out-words.ts";

/** What is taken somewhere, as workers announced it. */
export interface Taken {
  readonly schema?: JsonSchema | undefined;
  /** What of it only workers check. */
  readonly note?: string | undefined;
}

/** What can be handed over, and where. */
export type Place =
  | { readonly of: "start"; readonly workflow: string }
  | { readonly of: "signal"; readonly workflow: string; readonly name: string }
  | { readonly of: "jobInput" | "jobOutput"; readonly jobType: string };

export function useTaken(place: Place | undefined): Taken {
  const trpc = useTRPC();
  const { data } = useQuery(trpc.catalogue.workflows.queryOptions(undefined, { staleTime: 10_000 }));
  return place === undefined || data === undefined ? {} : takenAt(place, data);
}

function takenAt(place: Place, { workflows, jobTypes }: KnownWorkflowList): Taken {
  if (place.of === "start" || place.of === "signal") {
    const known = workflows.find(({ workflow }) => workflow === place.workflow);
    if (place.of === "start") return { schema: known?.input, note: noteOf(known?.leftOut, "input") };
    const { signals = {} } = known ?? {};
    return {
      schema: Object.hasOwn(signals, place.name) ? signals[place.name] : undefined,
      note: noteOf(known?.leftOut, `signal ${place.name}`),
    };
  }
  const known = jobTypes.find(({ jobType }) => jobType === place.jobType);
  const part = place.of === "jobInput" ? "input" : "output";
  return { schema: known?.[part], note: noteOf(known?.leftOut, part) };
}

function noteOf(leftOut: readonly LeftOutView[] | undefined, of: string): string | undefined {
  const left = leftOut?.find((one) => one.of === of);
  return left === undefined ? undefined : leftOutWords(left);
}
