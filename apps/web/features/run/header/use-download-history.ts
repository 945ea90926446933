"use client";

import type { EventView, RunView } from "@downbeat/api/views";
import { useState } from "react";
import { useTRPCClient } from "@/trpc/react.ts";

const pageSize = 500;

/** The run and all of its events as one JSON file, made in the browser. */
export function useDownloadHistory(run: RunView) {
  const client = useTRPCClient();
  const [isBusy, setBusy] = useState(false);

  async function gather(): Promise<readonly EventView[]> {
    const events: EventView[] = [];
    for (;;) {
      const afterSeq = events.at(-1)?.seq ?? 0;
      const page = await client.runs.events.query({ runId: run.runId, afterSeq, limit: pageSize });
      events.push(...page.events);
      if (page.events.length === 0 || events.length >= page.total) return events;
    }
  }

  async function download(): Promise<void> {
    setBusy(true);
    try {
      const { freshness, rows: _, ...rest } = run;
      const history = { ...rest, completeTo: freshness.completeTo, events: await gather() };
      const url = URL.createObjectURL(
        new Blob([JSON.stringify(history, null, 2)], { type: "application/json" }),
      );
      const link = document.createElement("a");
      link.href = url;
      link.download = `${run.runId.replaceAll(/[^\w.-]/g, "_")}.json`;
      link.click();
      setTimeout(() => URL.revokeObjectURL(url), 10_000);
    } finally {
      setBusy(false);
    }
  }

  return { download, isBusy };
}
