"use client";

import type { TokenView } from "@downbeat/api/views";
import { DeleteDialog } from "@/components/delete-dialog.tsx";
import { useTRPCClient } from "@/trpc/react.ts";
import { useTokensChanged } from "./use-tokens.ts";

interface WithdrawDialogProps {
  readonly token: TokenView | undefined;
  readonly onClose: () => void;
}

export function WithdrawDialog({ token, onClose }: WithdrawDialogProps) {
  const client = useTRPCClient();
  const changed = useTokensChanged();

  async function withdraw(): Promise<string | undefined> {
    if (token === undefined) return undefined;
    await client.tokens.withdraw.mutate({ id: token.id });
    await changed();
    onClose();
    return undefined;
  }

  return (
    <DeleteDialog
      verb="Withdraw"
      kind="token"
      name={token?.name}
      description="It stops working within a second. This can’t be undone: its holder needs another token."
      onClose={onClose}
      onDelete={withdraw}
    />
  );
}
