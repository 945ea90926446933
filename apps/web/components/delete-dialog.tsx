"use client";

import { useSubmission } from "@/lib/use-submission.ts";
import { Button } from "./button.tsx";
import { Dialog } from "./dialog.tsx";
import { Problem } from "./problem.tsx";

interface DeleteDialogProps {
  /** What is done to it. Default: "Delete". */
  readonly verb?: string;
  /** "goal": the last button is "Delete the goal". */
  readonly kind: string;
  /** What is to be deleted; closed while there is nothing. */
  readonly name: string | undefined;
  /** What follows from it. */
  readonly description: string;
  readonly onClose: () => void;
  /** @returns why it stays */
  readonly onDelete: () => Promise<string | undefined>;
}

/** Asks before something that people share is gone for good. */
export function DeleteDialog(props: DeleteDialogProps) {
  const { verb = "Delete", kind, name, description, onClose, onDelete } = props;
  const { isBusy, problem, submit } = useSubmission();
  return (
    <Dialog
      open={name !== undefined}
      onOpenChange={(open) => (open ? undefined : onClose())}
      title={`${verb} “${name ?? ""}”?`}
      description={description}
    >
      <Problem>{problem}</Problem>
      <div className="flex gap-2">
        <Button data-first onClick={onClose}>
          Keep it
        </Button>
        <Button look="danger" disabled={isBusy} onClick={() => void submit(onDelete)}>
          {verb} the {kind}
        </Button>
      </div>
    </Dialog>
  );
}
