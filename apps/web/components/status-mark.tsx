import { clsx } from "clsx";
import type { StatusLook } from "@/lib/status.ts";
import { toneSoft, toneText } from "./tone.ts";

/** Icon, word and colour. Completed keeps its word quiet: a page full of green shouts about nothing. */
export function StatusMark({ look, strong = false }: { look: StatusLook; strong?: boolean }) {
  const Icon = look.icon;
  return (
    <span
      title={look.meaning}
      className={clsx(
        "inline-flex items-center gap-1.5 whitespace-nowrap",
        toneText[look.tone],
        strong && ["h-7 rounded-md px-2 font-strong", toneSoft[look.tone]],
      )}
    >
      <Icon aria-hidden size={strong ? 16 : 14} strokeWidth={2.25} className="shrink-0" />
      <span className={clsx(!strong && look.tone === "completed" && "text-ink-2")}>{look.word}</span>
    </span>
  );
}
