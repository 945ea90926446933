"use client";

import type { OwnSession } from "@downbeat/api/views";
import { DeleteDialog } from "@/components/delete-dialog.tsx";
import { useTRPCClient } from "@/trpc/react.ts";
import { browserWords } from "./browser-words.ts";
import { useAccountChanged } from "./use-account.ts";

interface EndSessionDialogProps {
  /** What is to be ended; closed while there is nothing. */
  readonly ended: OwnSession | "others" | undefined;
  readonly onClose: () => void;
}

export function EndSessionDialog({ ended, onClose }: EndSessionDialogProps) {
  const client = useTRPCClient();
  const changed = useAccountChanged();

  async function end(): Promise<string | undefined> {
    if (ended === undefined) return undefined;
    if (ended === "others") await client.account.endOthers.mutate();
    else await client.account.endSession.mutate({ session: ended.id });
    await changed();
    onClose();
    return undefined;
  }

  const isAll = ended === "others";
  return (
    <DeleteDialog
      verb="End"
      kind={isAll ? "other sessions" : "session"}
      name={ended === undefined ? undefined : isAll ? "all other sessions" : browserWords(ended.agent)}
      description={`Whoever uses ${isAll ? "them is" : "it is"} signed out within a second, and what was not saved there is lost.`}
      onClose={onClose}
      onDelete={end}
    />
  );
}
