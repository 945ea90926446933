"use client";

import type { RunView } from "@downbeat/api/views";
import type { ShownRow } from "../timeline/still-rows.ts";
import { JobDetail } from "./job-detail.tsx";
import { WaitDetail } from "./wait-detail.tsx";

interface RowDetailProps {
  readonly run: RunView;
  /** Nothing: none is chosen. */
  readonly row: ShownRow | undefined;
}

export function RowDetail({ run, row }: RowDetailProps) {
  if (row === undefined) return null;
  return row.kind === "job" ? <JobDetail run={run} job={row} /> : <WaitDetail row={row} />;
}
