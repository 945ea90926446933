"use client";

import type { DeleteAnswer } from "@downbeat/api/views";
import { DeleteDialog } from "./delete-dialog.tsx";

interface Shared {
  readonly id: string;
  readonly version: number;
  readonly savedBy: string;
}

interface DeleteSharedDialogProps {
  /** "goal" */
  readonly kind: string;
  /** What is to be deleted; closed while there is nothing. */
  readonly thing: Shared | undefined;
  readonly name: string | undefined;
  /** What follows from it. Default: what follows for everybody. */
  readonly description?: string;
  readonly onClose: () => void;
  readonly onSend: (place: {
    readonly id: string;
    readonly version: number;
  }) => Promise<DeleteAnswer<Shared>>;
  readonly onDeleted: () => void;
}

/** Deletes what people share, unless somebody has saved another version of it meanwhile. */
export function DeleteSharedDialog(props: DeleteSharedDialogProps) {
  const { kind, thing, name, onClose, onSend, onDeleted } = props;
  const {
    description = `It is deleted for everybody on this namespace. ${thing?.savedBy ?? "Somebody"} saved it.`,
  } = props;

  async function remove(): Promise<string | undefined> {
    if (thing === undefined) return undefined;
    const answer = await onSend({ id: thing.id, version: thing.version });
    if (answer.outcome === "conflict")
      return `${answer.current.savedBy} has just saved another version of it, so it stays. Look at that one first.`;
    onDeleted();
    return undefined;
  }

  return (
    <DeleteDialog kind={kind} name={name} description={description} onClose={onClose} onDelete={remove} />
  );
}
