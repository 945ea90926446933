"use client";

import { CopyButton } from "@/components/copy-button.tsx";
import { useRoutes } from "@/shell/namespace-provider.tsx";

interface CopyLinkProps {
  readonly runId: string;
  /** What the link leads to. */
  readonly event?: number;
  readonly row?: string;
}

/** A link that leads to one event or one row, whatever else is chosen here. */
export function CopyLink({ runId, event, row }: CopyLinkProps) {
  const routes = useRoutes();
  const path = routes.run(runId, {
    ...(event !== undefined && { event }),
    ...(row !== undefined && { row }),
  });
  const what = event === undefined ? "link to this row" : "link to this event";
  return <CopyButton text={`${window.location.origin}${path}`} what={what} />;
}
