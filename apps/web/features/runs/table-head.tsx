// biome-ignore-all lint/a11y/useSemanticElements: a virtualised table has only the rows on the screen, which table elements can't be placed in
// biome-ignore-all lint/a11y/useFocusableInteractive: rows and cells of a table are not focused, the links in them are
import type { ReactNode } from "react";
import { columns, mediumOnly, notNarrow, wideOnly } from "./columns.ts";

export function TableHead() {
  return (
    <div role="rowgroup" className="sticky top-0 z-20 bg-surface">
      <div
        role="row"
        aria-rowindex={1}
        className={`${columns} h-8 border-line border-b text-ink-3 text-small`}
      >
        <Head>Status</Head>
        <Head>Run</Head>
        <Head className={wideOnly}>Workflow</Head>
        <Head className="max-[600px]:sr-only">Why, or what it waits for</Head>
        <Head className={wideOnly}>Labels</Head>
        <Head className={`text-right ${mediumOnly}`}>Started</Head>
        <Head className={`text-right ${notNarrow}`}>Duration</Head>
      </div>
    </div>
  );
}

function Head({ children, className = "" }: { children: ReactNode; className?: string }) {
  return (
    <div role="columnheader" className={`truncate ${className}`}>
      {children}
    </div>
  );
}
