"use client";

import type { OwnSession } from "@downbeat/api/views";
import { CircleUser } from "lucide-react";
import { useState } from "react";
import { Button } from "@/components/button.tsx";
import { EmptyState } from "@/components/empty-state.tsx";
import { ErrorState } from "@/components/error-state.tsx";
import { Panel } from "@/components/panel.tsx";
import { StaleLine } from "@/components/stale-line.tsx";
import { EndSessionDialog } from "@/features/account/end-session-dialog.tsx";
import { SessionList } from "@/features/account/session-list.tsx";
import { useAccount } from "@/features/account/use-account.ts";
import { plural } from "@/lib/number.ts";
import { PageHeader } from "@/shell/page-header.tsx";

/** Where whoever looks is signed in. */
export function AccountClient() {
  const query = useAccount();
  const { data, error, refetch } = query;
  const [ended, setEnded] = useState<OwnSession | "others">();
  const isKept = data !== undefined && data.unavailable === undefined;
  return (
    <>
      <PageHeader title="Your account" detail={isKept ? plural(data.sessions.length, "session") : undefined}>
        {isKept && data.sessions.length > 1 ? (
          <Button onClick={() => setEnded("others")}>End all others…</Button>
        ) : null}
      </PageHeader>
      <div
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by key
        tabIndex={0}
        className="min-h-0 flex-1 overflow-y-auto border-line border-t bg-surface outline-none"
      >
        {data === undefined ? (
          error === null ? (
            <p role="status" className="px-6 py-4 text-ink-3">
              Looking…
            </p>
          ) : (
            <ErrorState what="your sessions" error={error} onRetry={refetch} />
          )
        ) : data.unavailable !== undefined ? (
          <EmptyState icon={CircleUser} title="You are not signed in">
            {data.unavailable}
          </EmptyState>
        ) : (
          <>
            <StaleLine query={query} className="px-6 max-[700px]:px-3" />
            <Panel what="The list of sessions" of={data.sessions}>
              <SessionList account={data} onEnd={setEnded} />
            </Panel>
          </>
        )}
      </div>
      <EndSessionDialog ended={ended} onClose={() => setEnded(undefined)} />
    </>
  );
}
