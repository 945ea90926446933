"use client";

import type { BoardDefinition } from "@downbeat/api/views";
import { useRouter } from "next/navigation";
import { type FormEvent, useState } from "react";
import { Button } from "@/components/button.tsx";
import { Dialog } from "@/components/dialog.tsx";
import { Field, TextInput } from "@/components/field.tsx";
import { Problem } from "@/components/problem.tsx";
import { useSubmission } from "@/lib/use-submission.ts";
import { useRoutes } from "@/shell/namespace-provider.tsx";
import { useTRPCClient } from "@/trpc/react.ts";
import { useBoards } from "./use-boards.ts";

/** Saves a new board and opens it; resolves with why that came to nothing. */
export function useNewBoard(): (board: BoardDefinition) => Promise<string | undefined> {
  const client = useTRPCClient();
  const routes = useRoutes();
  const router = useRouter();
  const { refresh } = useBoards();
  return async (board) => {
    const answer = await client.boards.save.mutate({ board });
    await refresh();
    if (answer.outcome === "conflict") return "It was not saved: try again.";
    router.push(routes.board(answer.board.id));
    return undefined;
  };
}

export function NewBoardDialog({ open, onClose }: { readonly open: boolean; readonly onClose: () => void }) {
  return (
    <Dialog
      open={open}
      onOpenChange={(isOpen) => (isOpen ? undefined : onClose())}
      title="New board"
      description="Everybody on this namespace sees it. It is kept in the log."
    >
      <NewBoardForm />
    </Dialog>
  );
}

function NewBoardForm() {
  const [name, setName] = useState("");
  const { isBusy, problem, submit } = useSubmission();
  const make = useNewBoard();
  return (
    <form
      noValidate
      onSubmit={(event: FormEvent) => {
        event.preventDefault();
        void submit(async () =>
          name.trim() === "" ? "Give the board a name." : make({ name, period: "24h", panels: [] }),
        );
      }}
    >
      <Field label="Name">
        {(ids) => (
          <TextInput
            {...ids}
            data-first=""
            maxLength={100}
            value={name}
            onChange={({ target }) => setName(target.value)}
          />
        )}
      </Field>
      <Problem>{problem}</Problem>
      <Button type="submit" look="primary" disabled={isBusy}>
        {isBusy ? "Saving…" : "Make the board"}
      </Button>
    </form>
  );
}
