// biome-ignore-all lint/a11y/useSemanticElements: a virtualised table has only the rows on the screen, which table elements can't be placed in
// biome-ignore-all lint/a11y/useFocusableInteractive: rows and cells of a table are not focused, the links in them are
import type { ReactNode } from "react";

export function Cell({ children, className }: { children: ReactNode; className?: string }) {
  return (
    <div role="cell" className={className}>
      {children}
    </div>
  );
}
