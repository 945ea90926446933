// biome-ignore-all lint/a11y/useSemanticElements: a virtualised table has only the rows on the screen, which table elements can't be placed in
// biome-ignore-all lint/a11y/useFocusableInteractive: rows and cells of a table are not focused, the links in them are
import { clsx } from "clsx";
import type { ReactNode } from "react";

interface HeadRowProps {
  /** Of the table: how its columns share the width. */
  readonly columns: string;
  readonly className?: string;
  readonly children: ReactNode;
}

/** The names of the columns, which stay where they are while the rows scroll. */
export function HeadRow({ columns, className, children }: HeadRowProps) {
  return (
    <div role="rowgroup" className={clsx("sticky top-0 z-20 bg-surface", className)}>
      <div
        role="row"
        aria-rowindex={1}
        className={`${columns} h-8 border-line border-b text-ink-3 text-small`}
      >
        {children}
      </div>
    </div>
  );
}

interface BodyRowProps {
  readonly columns: string;
  /** From 0, of all rows. */
  readonly index: number;
  readonly children: ReactNode;
}

export function BodyRow({ columns, index, children }: BodyRowProps) {
  return (
    <div
      role="row"
      aria-rowindex={index + 2}
      className={`${columns} h-full border-line border-b focus-within:bg-accent-soft hover:bg-hover`}
    >
      {children}
    </div>
  );
}
