"use client";

import type { QueryAnswer } from "@downbeat/api/views";
import type { ReactNode } from "react";
import { Button } from "@/components/button.tsx";
import { saveFile } from "@/lib/save-file.ts";
import { toCsv, toJson } from "./export.ts";

interface ResultBarProps {
  readonly answer: QueryAnswer | undefined;
  readonly view: "table" | "chart";
  readonly onView: (view: "table" | "chart") => void;
  /** What the query is doing, or what came of it. */
  readonly children: ReactNode;
}

/** What came of the statement, and what can be made of it. */
export function ResultBar({ answer, view, onView, children }: ResultBarProps) {
  return (
    <div className="flex min-h-11 flex-wrap items-center gap-x-3 gap-y-2 border-line border-b bg-surface px-3 py-1.5">
      {children}
      {answer === undefined ? null : (
        <div className="flex items-center gap-2">
          <fieldset className="flex rounded-md border border-line-strong">
            <legend className="sr-only">Show the result as</legend>
            {(["table", "chart"] as const).map((each) => (
              <Button
                key={each}
                size="small"
                look="quiet"
                aria-pressed={view === each}
                className={view === each ? "bg-sunken font-strong text-ink" : undefined}
                onClick={() => onView(each)}
              >
                {each === "table" ? "Table" : "Chart"}
              </Button>
            ))}
          </fieldset>
          <Button size="small" onClick={() => save("query.csv", "text/csv;charset=utf-8", toCsv(answer))}>
            CSV
          </Button>
          <Button size="small" onClick={() => save("query.json", "application/json", toJson(answer))}>
            JSON
          </Button>
        </div>
      )}
    </div>
  );
}

function save(name: string, type: string, content: string): void {
  saveFile(name, new Blob([content], { type }));
}
