"use client";

import { Check, Download, TriangleAlert, X } from "lucide-react";
import { Button, IconButton } from "@/components/button.tsx";
import { exportWords } from "./export-words.ts";
import { useExportStore, useExports } from "./exports-provider.tsx";

/** What is being exported, above every page: it goes on while others are looked at. */
export function ExportStrip() {
  const store = useExportStore();
  const exports = useExports();
  return (
    <ul aria-label="Exports" className="shrink-0">
      {exports.map((one) => {
        const isRunning = one.state === "running";
        const isTrouble = one.problem !== undefined;
        const Icon = isTrouble ? TriangleAlert : isRunning ? Download : one.state === "saved" ? Check : X;
        return (
          <li
            key={one.id}
            className="fade-in flex items-center gap-2 border-line border-b bg-sunken px-6 py-1 max-[700px]:px-3"
          >
            <Icon
              aria-hidden
              size={14}
              className={isTrouble ? "shrink-0 text-failed" : "shrink-0 text-ink-3"}
            />
            <span role={isRunning ? undefined : "status"} className="min-w-0 break-words">
              {exportWords(one)}
            </span>
            {isRunning && one.of !== undefined && one.of > 0 ? (
              <progress
                aria-label={`Progress of the export of ${one.title}`}
                max={Math.max(one.of, one.rows)}
                value={one.rows}
                className="h-1.5 w-32 accent-accent-strong max-[700px]:hidden"
              />
            ) : null}
            {isRunning ? (
              <Button size="small" className="ml-auto" onClick={() => store.cancel(one.id)}>
                Cancel
              </Button>
            ) : (
              <IconButton
                label={`Hide the export of ${one.title}`}
                className="ml-auto"
                onClick={() => store.dismiss(one.id)}
              >
                <X aria-hidden size={14} />
              </IconButton>
            )}
          </li>
        );
      })}
    </ul>
  );
}
