"use client";

import { Button } from "@/components/button.tsx";
import { messageOf, troubleOf } from "@/trpc/trouble.ts";

interface PanelTroubleProps {
  readonly title: string;
  readonly error: unknown;
  readonly onRetry: () => void;
}

/** Why a panel has nothing to show. */
export function PanelTrouble({ title, error, onRetry }: PanelTroubleProps) {
  return (
    <PanelNote title={title}>
      <span role="alert" className="block">
        {troubleOf(error) === "away"
          ? "The server can't be reached. This comes back by itself."
          : messageOf(error)}
      </span>
      <Button size="small" className="mt-2" onClick={onRetry}>
        Try again
      </Button>
    </PanelNote>
  );
}

/** What is said in the place of what a panel would show. */
export function PanelNote({
  title,
  children,
}: {
  readonly title: string;
  readonly children: React.ReactNode;
}) {
  return (
    <div className="px-4 py-3">
      <h2 className="break-words font-strong">{title}</h2>
      <p className="break-words text-ink-2">{children}</p>
    </div>
  );
}

/** The shape of what comes. */
export function PanelSkeleton({ title }: { readonly title: string }) {
  return (
    <div role="status" aria-busy="true" aria-label={`Counting: ${title}`} className="h-full px-4 py-3">
      <div className="skeleton mb-3 h-3 w-32 max-w-full" />
      <div className="skeleton h-[calc(100%-2rem)] min-h-6" />
    </div>
  );
}
