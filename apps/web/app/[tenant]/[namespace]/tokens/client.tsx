"use client";

import type { TokenView } from "@downbeat/api/views";
import { KeyRound, Lock, Plus } from "lucide-react";
import { useState } from "react";
import { Button } from "@/components/button.tsx";
import { EmptyState } from "@/components/empty-state.tsx";
import { ErrorState } from "@/components/error-state.tsx";
import { Panel } from "@/components/panel.tsx";
import { StaleLine } from "@/components/stale-line.tsx";
import { TokenDialog } from "@/features/tokens/load-token-dialog.ts";
import { TokenList } from "@/features/tokens/token-list.tsx";
import { useTokens } from "@/features/tokens/use-tokens.ts";
import { WithdrawDialog } from "@/features/tokens/withdraw-dialog.tsx";
import { plural } from "@/lib/number.ts";
import { useRefusal } from "@/lib/use-refusal.ts";
import { useCommands } from "@/shell/commands-provider.tsx";
import { PageHeader } from "@/shell/page-header.tsx";

/** What services and scripts ask this namespace with. */
export function TokensClient() {
  const refusal = useRefusal("keepTokens");
  return refusal === undefined ? (
    <Tokens />
  ) : (
    <>
      <PageHeader title="Tokens" />
      <EmptyState icon={Lock} title="Tokens are for admins">
        {refusal}
      </EmptyState>
    </>
  );
}

function Tokens() {
  const query = useTokens();
  const { data, error, refetch } = query;
  const [isNew, setNew] = useState(false);
  const [withdrawn, setWithdrawn] = useState<TokenView>();
  const begin = () => setNew(true);
  const canMake = data !== undefined && data.unavailable === undefined;
  useCommands(
    canMake ? [{ id: "new-token", label: "New token", group: "This page", keys: "n", run: begin }] : [],
  );
  const newToken = (
    <Button look="primary" onClick={begin}>
      <Plus aria-hidden size={14} />
      New token…
    </Button>
  );
  return (
    <>
      <PageHeader title="Tokens" detail={canMake ? plural(data.tokens.length, "token") : undefined}>
        {canMake && data.tokens.length > 0 ? newToken : null}
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
            <ErrorState what="the tokens" error={error} onRetry={refetch} />
          )
        ) : data.unavailable !== undefined ? (
          <EmptyState icon={KeyRound} title="Nobody needs a token here">
            {data.unavailable}
          </EmptyState>
        ) : data.tokens.length === 0 ? (
          <EmptyState icon={KeyRound} title="No tokens yet" action={newToken}>
            Services and scripts use one to access this namespace: it has a role and an expiry.
          </EmptyState>
        ) : (
          <>
            <StaleLine query={query} className="px-6 max-[700px]:px-3" />
            <Panel what="The list of tokens" of={data.tokens}>
              <TokenList list={data} onWithdraw={setWithdrawn} />
            </Panel>
          </>
        )}
      </div>
      <TokenDialog open={isNew} onClose={() => setNew(false)} />
      <WithdrawDialog token={withdrawn} onClose={() => setWithdrawn(undefined)} />
    </>
  );
}
