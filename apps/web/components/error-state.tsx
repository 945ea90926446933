"use client";

import { CloudOff, TriangleAlert } from "lucide-react";
import { messageOf, troubleOf } from "@/trpc/trouble.ts";
import { Button } from "./button.tsx";
import { EmptyState } from "./empty-state.tsx";

interface ErrorStateProps {
  /** What could not be shown, e.g. "the runs". */
  readonly what: string;
  readonly error: unknown;
  readonly onRetry: () => void;
  /** It stands for a whole page, so its title is the page's. */
  readonly isPage?: boolean;
}

/** Two different troubles: the server is not there, or it is and says no. */
export function ErrorState({ what, error, onRetry, isPage = false }: ErrorStateProps) {
  const away = troubleOf(error) === "away";
  return (
    <div role="alert">
      <EmptyState
        isPage={isPage}
        icon={away ? CloudOff : TriangleAlert}
        title={
          away
            ? `The server can't be reached, so ${what} can't be shown`
            : `The server could not show ${what}`
        }
        action={<Button onClick={onRetry}>Try again</Button>}
      >
        {away
          ? "Runs go on without this page. It comes back by itself as soon as the server answers."
          : messageOf(error)}
      </EmptyState>
    </div>
  );
}
