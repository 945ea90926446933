"use client";

import type { OwnSession } from "@downbeat/api/views";
import { useQuery } from "@tanstack/react-query";
import { CircleUser } from "lucide-react";
import { useState } from "react";
import { Button } from "@/components/button.tsx";
import { EmptyState } from "@/components/empty-state.tsx";
import { ErrorState } from "@/components/error-state.tsx";
import { Panel } from "@/components/panel.tsx";
import { StaleLine } from "@/components/stale-line.tsx";
import { EndSessionDialog } from "@/features/account/load-end-session-dialog.ts";
import { PasswordDialog } from "@/features/account/load-password-dialog.ts";
import { SessionList } from "@/features/account/session-list.tsx";
import { useAccount } from "@/features/account/use-account.ts";
import { plural } from "@/lib/number.ts";
import { PageHeader } from "@/shell/page-header.tsx";
import { useTRPC } from "@/trpc/react.ts";

/** Where whoever looks is signed in. */
export function AccountClient() {
  const query = useAccount();
  const { data, error, refetch } = query;
  const [ended, setEnded] = useState<OwnSession | "others">();
  const [isChanging, setChanging] = useState(false);
  const [isChanged, setChanged] = useState(false);
  const trpc = useTRPC();
  const { data: me } = useQuery(trpc.me.get.queryOptions(undefined, { staleTime: Number.POSITIVE_INFINITY }));
  const isKept = data !== undefined && data.unavailable === undefined;
  return (
    <>
      <PageHeader title="Your account" detail={isKept ? plural(data.sessions.length, "session") : undefined}>
        {isKept && data.confirmBy === "password" ? (
          <Button onClick={() => setChanging(true)}>Change password…</Button>
        ) : null}
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
            {isChanged ? (
              <p role="status" className="px-6 py-3 text-ink-2 max-[700px]:px-3">
                Your password is changed, and your other sessions have ended.
              </p>
            ) : null}
            <StaleLine query={query} className="px-6 max-[700px]:px-3" />
            <Panel what="The list of sessions" of={data.sessions}>
              <SessionList account={data} onEnd={setEnded} />
            </Panel>
          </>
        )}
      </div>
      <PasswordDialog
        open={isChanging}
        name={me?.signedIn?.id.replace(/^local\|/, "") ?? ""}
        onClose={() => setChanging(false)}
        onChanged={() => {
          setChanging(false);
          setChanged(true);
        }}
      />
      <EndSessionDialog
        ended={ended}
        confirmBy={data?.confirmBy ?? "nothing"}
        onClose={() => setEnded(undefined)}
      />
    </>
  );
}
