import { clsx } from "clsx";
import type { ReactNode } from "react";

interface FilterChipProps {
  readonly isChosen: boolean;
  readonly onClick: () => void;
  readonly title?: string | undefined;
  readonly children: ReactNode;
}

/** One of several that a list may be narrowed to. */
export function FilterChip({ isChosen, onClick, title, children }: FilterChipProps) {
  return (
    <button
      type="button"
      aria-pressed={isChosen}
      title={title}
      onClick={onClick}
      className={clsx(
        "inline-flex h-7 items-center gap-1.5 rounded-md border px-2",
        isChosen
          ? "border-accent bg-accent-soft text-ink"
          : "border-transparent text-ink-2 hover:bg-sunken hover:text-ink",
      )}
    >
      {children}
    </button>
  );
}
