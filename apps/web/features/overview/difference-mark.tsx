import type { Difference } from "@downbeat/domain";
import { ArrowDownRight, ArrowUpRight, Equal } from "lucide-react";
import Link from "next/link";

interface DifferenceMarkProps {
  readonly difference: Difference;
  /** The rows of the earlier figure. */
  readonly href?: string | undefined;
  /** Said first where the figure is not the one that stands above. */
  readonly subject?: string;
}

const marks = { more: ArrowUpRight, less: ArrowDownRight, same: Equal } as const;

/** Whether more is better, nobody can say for all figures: the mark has no colour. */
export function DifferenceMark({ difference: { direction, words }, href, subject }: DifferenceMarkProps) {
  const Mark = marks[direction];
  const text = subject === undefined ? words : `${subject} ${words}`;
  return (
    <dd className="mt-0.5 flex items-start gap-1 text-ink-2 text-small">
      <Mark aria-hidden size={12} className="mt-0.5 shrink-0 text-ink-3" />
      {href === undefined ? (
        <span>{text}</span>
      ) : (
        <Link href={href} className="relative z-10 rounded hover:underline" title="Open the earlier runs">
          {text}
        </Link>
      )}
    </dd>
  );
}
