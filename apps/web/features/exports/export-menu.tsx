"use client";

import { Download } from "lucide-react";
import { useState } from "react";
import { Button } from "@/components/button.tsx";
import { Popover } from "@/components/popover.tsx";
import { useCommands } from "@/shell/commands-provider.tsx";
import type { Client } from "@/trpc/client.ts";
import { useTRPCClient } from "@/trpc/react.ts";
import type { ExportFormat } from "./export-store.ts";
import { useExportStore } from "./exports-provider.tsx";

/** Which list, what narrows it, and in which format. */
type AskedExport = Parameters<Client["lists"]["export"]["mutate"]>[0];

interface ExportMenuProps {
  /** What is exported: "Runs", "Timers and waits". */
  readonly title: string;
  /** Asked for when a format is chosen: a period that moves is then another one. */
  readonly ask: (format: ExportFormat) => AskedExport;
  /** Why there is nothing to export. */
  readonly refusal?: string | undefined;
}

const formats: readonly { readonly format: ExportFormat; readonly words: string; readonly hint: string }[] = [
  { format: "csv", words: "CSV", hint: "for a spreadsheet" },
  { format: "json", words: "JSON", hint: "all fields, one document" },
  { format: "ndjson", words: "NDJSON", hint: "all fields, a line a row" },
];

/** All of a list as a file, whatever is loaded of it. */
export function ExportMenu({ title, ask, refusal }: ExportMenuProps) {
  const [isOpen, setOpen] = useState(false);
  const store = useExportStore();
  const client = useTRPCClient();

  function begin(format: ExportFormat): void {
    setOpen(false);
    const asked = ask(format);
    void store.begin({ title, ask: (signal) => client.lists.export.mutate(asked, { signal }) });
  }

  useCommands(
    formats.map(({ format, words }) => ({
      id: `export-${format}`,
      label: `Export ${title} as ${words}`,
      group: "This page" as const,
      refusal,
      run: () => begin(format),
    })),
  );
  return (
    <Popover
      label={`Export ${title}`}
      align="end"
      open={isOpen}
      onOpenChange={setOpen}
      trigger={
        <Button refusal={refusal}>
          <Download aria-hidden size={14} /> Export
        </Button>
      }
    >
      <div className="flex flex-col">
        {formats.map(({ format, words, hint }) => (
          <Button key={format} look="quiet" className="justify-start" onClick={() => begin(format)}>
            {words} <span className="text-ink-3 text-small">{hint}</span>
          </Button>
        ))}
      </div>
    </Popover>
  );
}
