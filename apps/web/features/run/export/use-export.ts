"use client";

import type { RunView } from "@downbeat/api/views";
import { useState } from "react";
import { serverNow } from "@/lib/clock.ts";
import { copyText, notCopiedButSaved } from "@/lib/copy-text.ts";
import { formatCount } from "@/lib/number.ts";
import { useTRPCClient } from "@/trpc/react.ts";
import { messageOf } from "@/trpc/trouble.ts";

export type ExportAs = "json" | "text" | "clipboard";

const pageSize = 1_000;

/** The run and all of its events as a file or a text, made in the browser. */
export function useExport(run: RunView) {
  const client = useTRPCClient();
  const [progress, setProgress] = useState<string>();
  const [outcome, setOutcome] = useState<{ readonly isProblem: boolean; readonly text: string }>();

  async function exportAs(as: ExportAs): Promise<void> {
    setOutcome(undefined);
    setProgress("Gathering the history…");
    try {
      const { gatherEvents, historyJson, historyText } = await import("./history-files.ts");
      await client.exports.note.mutate({ what: "history", format: as, runId: run.runId });
      const events = await gatherEvents(
        (afterSeq) => client.runs.events.query({ runId: run.runId, afterSeq, limit: pageSize }),
        (gathered, total) =>
          setProgress(`Gathered ${formatCount(gathered)} of ${formatCount(total)} events…`),
      );
      if (as === "clipboard") {
        const isCopied = await copyText(historyText(run, events, serverNow()));
        const text = isCopied ? `Copied ${formatCount(events.length)} events as text.` : notCopiedButSaved;
        return setOutcome({ isProblem: !isCopied, text });
      }
      const name = run.runId.replaceAll(/[^\w.-]/g, "_");
      if (as === "json") save(`${name}.json`, "application/json", historyJson(run, events));
      else save(`${name}.txt`, "text/plain", historyText(run, events, serverNow()));
    } catch (error) {
      setOutcome({ isProblem: true, text: `The history could not be exported: ${messageOf(error)}` });
    } finally {
      setProgress(undefined);
    }
  }

  return { exportAs, progress, outcome };
}

function save(name: string, type: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: `${type};charset=utf-8` }));
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
