"use client";

import { Bug } from "lucide-react";
import { Button } from "@/components/button.tsx";
import { EmptyState } from "@/components/empty-state.tsx";

interface ErrorPageProps {
  readonly error: Error & { readonly digest?: string };
  readonly reset: () => void;
}

/** A mistake in this page's own code: the rest of the dashboard goes on. */
export default function ErrorPage({ error, reset }: ErrorPageProps) {
  return (
    <div role="alert">
      <EmptyState
        isPage
        icon={Bug}
        title="This page has a fault"
        action={<Button onClick={reset}>Show it again</Button>}
      >
        <p>Your runs are not affected: they go on without the dashboard.</p>
        <p className="mt-2 break-words font-mono text-small">{error.message}</p>
      </EmptyState>
    </div>
  );
}
