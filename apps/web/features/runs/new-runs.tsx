"use client";

import { ArrowUp } from "lucide-react";
import { plural } from "@/lib/number.ts";
import { useCommands } from "@/shell/commands-provider.tsx";

interface NewRunsProps {
  readonly count: number;
  readonly more: boolean;
  readonly onShow: () => void;
}

/** Announces what is new where there is room for it; the list itself stays as it is until asked. */
export function NewRuns({ count, more, onShow }: NewRunsProps) {
  useCommands([{ id: "new", label: "Show the new runs", group: "This page", keys: "u", run: onShow }]);
  return (
    <div aria-live="polite" className="ml-auto">
      {count === 0 ? null : (
        <button
          type="button"
          onClick={onShow}
          title="Put them on top of the list (u)"
          className="fade-in flex h-7 items-center gap-1.5 rounded-full bg-accent-soft px-3 text-accent hover:bg-accent-strong hover:text-white"
        >
          <ArrowUp aria-hidden size={14} />
          {more ? `more than ${plural(count, "new run")}` : plural(count, "new run")}
        </button>
      )}
    </div>
  );
}
