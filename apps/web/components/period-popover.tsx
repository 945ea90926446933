"use client";

import { clsx } from "clsx";
import { Calendar, ChevronDown } from "lucide-react";
import { type ReactNode, useState } from "react";
import { Button } from "./button.tsx";
import { Popover } from "./popover.tsx";

interface PeriodPopoverProps {
  readonly label: string;
  readonly align?: "start" | "end";
  /** What the period is about, e.g. "Started". */
  readonly subject: string | undefined;
  readonly shown: string;
  readonly children: (close: () => void) => ReactNode;
}

/** A button that says which period is shown, and offers others. */
export function PeriodPopover({ label, align, subject, shown, children }: PeriodPopoverProps) {
  const [isOpen, setOpen] = useState(false);
  return (
    <Popover
      open={isOpen}
      onOpenChange={setOpen}
      label={label}
      {...(align !== undefined && { align })}
      trigger={
        <Button>
          <Calendar aria-hidden size={14} className="text-ink-3" />
          {subject === undefined ? null : <span className="text-ink-3">{subject}</span>}
          {shown}
          <ChevronDown aria-hidden size={14} className="text-ink-3" />
        </Button>
      }
    >
      <div className="flex">{children(() => setOpen(false))}</div>
    </Popover>
  );
}

export function PeriodChoices({ children }: { children: ReactNode }) {
  return <ul className="w-44 py-1">{children}</ul>;
}

export function PeriodChoice({
  word,
  isChosen,
  onClick,
}: {
  word: string;
  isChosen: boolean;
  onClick: () => void;
}) {
  return (
    <li>
      <button
        type="button"
        aria-pressed={isChosen}
        onClick={onClick}
        className={clsx(
          "h-8 w-full rounded-md px-2.5 text-left hover:bg-hover",
          isChosen ? "bg-accent-soft font-strong" : "text-ink-2",
        )}
      >
        {word}
      </button>
    </li>
  );
}
