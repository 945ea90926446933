// biome-ignore-all lint/a11y/useSemanticElements: a virtualised table has only the rows on the screen, which table elements can't be placed in
// biome-ignore-all lint/a11y/useFocusableInteractive: rows and cells of a table are not focused, the links in them are
import type { ReactNode } from "react";
import { columns, notNarrow, wideOnly } from "./columns.ts";

export function TimerTableHead() {
  return (
    <div role="rowgroup" className="sticky top-0 z-20 bg-surface max-[700px]:sr-only">
      <div
        role="row"
        aria-rowindex={1}
        className={`${columns} h-8 border-line border-b text-ink-3 text-small`}
      >
        <Head>Due</Head>
        <Head className={wideOnly}>At</Head>
        <Head>What happens then</Head>
        <Head className={notNarrow}>Run</Head>
        <Head className={wideOnly}>Workflow</Head>
        <Head className="text-right">Act</Head>
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
