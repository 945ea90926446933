"use client";

import type { BoardDefinition, BoardPanel, BoardView } from "@downbeat/api/views";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { useSubmission } from "@/lib/use-submission.ts";
import { useRoutes } from "@/shell/namespace-provider.tsx";
import { useTRPCClient } from "@/trpc/react.ts";
import type { BoardConflict } from "./board-conflict.tsx";
import { freeName } from "./example-board.ts";
import { useBoards } from "./use-boards.ts";

interface Draft {
  /** As it was when it began: it takes the place of that version and no other. */
  readonly seen: BoardView;
  readonly board: BoardDefinition;
}

/** What somebody does to a board, on this page alone until it is saved. */
export function useArranging(view: BoardView) {
  const client = useTRPCClient();
  const routes = useRoutes();
  const router = useRouter();
  const { data, refresh } = useBoards();
  const [draft, setDraft] = useState<Draft>();
  const [edited, edit] = useState<BoardPanel | "new">();
  const [conflict, setConflict] = useState<BoardConflict>();
  const { isBusy, problem, submit } = useSubmission();

  const begin = () => setDraft((before) => before ?? { seen: view, board: view.board });
  const change = (patch: Partial<BoardDefinition>) =>
    setDraft((before) => {
      const { seen, board } = before ?? { seen: view, board: view.board };
      return { seen, board: { ...board, ...patch } };
    });
  const discard = () => {
    setDraft(undefined);
    setConflict(undefined);
  };

  async function send(place: Pick<BoardView, "id" | "version"> | undefined): Promise<string | undefined> {
    if (draft === undefined) return undefined;
    if (draft.board.name.trim() === "") return "Give the board a name.";
    const names = (data?.boards ?? []).map(({ board }) => board.name);
    const board =
      place === undefined ? { ...draft.board, name: freeName(draft.board.name, names) } : draft.board;
    const answer = await client.boards.save.mutate({
      ...(place !== undefined && { id: place.id, version: place.version }),
      board: { ...board, panels: board.panels.map((panel) => ({ ...panel })) },
    });
    await refresh();
    if (answer.outcome === "conflict") {
      setConflict(answer.current);
      return undefined;
    }
    discard();
    if (answer.board.id !== view.id) router.push(routes.board(answer.board.id));
    return undefined;
  }

  const newer = draft !== undefined && view.version !== draft.seen.version ? view : undefined;
  return {
    draft: draft?.board,
    newer,
    edited,
    edit,
    conflict,
    closeConflict: () => setConflict(undefined),
    isBusy,
    problem,
    begin,
    change,
    discard,
    save: () => void submit(() => send(draft?.seen)),
    /** @param place whose place it takes instead of the one that was looked at; `undefined` makes it a new board */
    saveInstead: (place: Pick<BoardView, "id" | "version"> | undefined) => void submit(() => send(place)),
  };
}
