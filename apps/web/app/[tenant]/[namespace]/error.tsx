"use client";

import { Bug, CloudOff } from "lucide-react";
import { Button } from "@/components/button.tsx";
import { EmptyState } from "@/components/empty-state.tsx";

interface ErrorPageProps {
  readonly error: Error & { readonly digest?: string };
  readonly reset: () => void;
}

/** A mistake in this page's own code: the rest of the dashboard goes on. */
export default function ErrorPage({ error, reset }: ErrorPageProps) {
  if (isPartMissing(error))
    return (
      <div role="alert">
        <EmptyState
          isPage
          icon={CloudOff}
          title="A part of this page could not be loaded"
          action={<Button onClick={() => window.location.reload()}>Load the page again</Button>}
        >
          The connection was lost for a moment, or the dashboard was replaced by a newer one meanwhile. Your
          runs are not affected.
        </EmptyState>
      </div>
    );
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

/** What is fetched when it is needed is gone for good once it was not there: showing it again does not help. */
function isPartMissing({ name, message }: Error): boolean {
  return name === "ChunkLoadError" || message.startsWith("Failed to load chunk");
}
