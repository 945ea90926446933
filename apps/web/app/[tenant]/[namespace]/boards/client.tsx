"use client";

import { panelTitle } from "@downbeat/api/figure-words";
import type { BoardList, BoardView } from "@downbeat/api/views";
import { LayoutDashboard } from "lucide-react";
import Link from "next/link";
import { useState } from "react";
import { Button } from "@/components/button.tsx";
import { EmptyState } from "@/components/empty-state.tsx";
import { ErrorState } from "@/components/error-state.tsx";
import { Panel } from "@/components/panel.tsx";
import { Problem } from "@/components/problem.tsx";
import { SkeletonRows } from "@/components/skeleton-rows.tsx";
import { StaleLine } from "@/components/stale-line.tsx";
import { TimeAgo } from "@/components/time-ago.tsx";
import { DeleteBoardDialog } from "@/features/boards/delete-board-dialog.tsx";
import { exampleBoard, freeName } from "@/features/boards/example-board.ts";
import { NewBoardDialog, useNewBoard } from "@/features/boards/new-board-dialog.tsx";
import { useBoards } from "@/features/boards/use-boards.ts";
import { useGoalNames } from "@/features/boards/use-names.ts";
import { plural } from "@/lib/number.ts";
import { useRefusal } from "@/lib/use-refusal.ts";
import { useSubmission } from "@/lib/use-submission.ts";
import { useRoutes } from "@/shell/namespace-provider.tsx";
import { PageHeader } from "@/shell/page-header.tsx";

/** What people look at together. */
export function BoardsClient() {
  const query = useBoards();
  const refusal = useRefusal("keepBoards");
  const [isMaking, setMaking] = useState(false);
  const { isBusy, problem, submit } = useSubmission();
  const make = useNewBoard();
  const { data } = query;
  const example = () =>
    submit(() =>
      make({
        ...exampleBoard,
        name: freeName(
          exampleBoard.name,
          (data?.boards ?? []).map(({ board }) => board.name),
        ),
      }),
    );
  return (
    <>
      <PageHeader
        title="Boards"
        detail={data === undefined ? undefined : plural(data.boards.length, "board")}
      >
        <Button refusal={refusal} disabled={isBusy} onClick={() => void example()}>
          Example board
        </Button>
        <Button look="primary" refusal={refusal} onClick={() => setMaking(true)}>
          New board…
        </Button>
      </PageHeader>
      <div className="min-h-0 flex-1 overflow-y-auto border-line border-t bg-surface">
        <StaleLine query={query} className="px-6 max-[700px]:px-3" />
        <div className="px-6 max-[700px]:px-3">
          <Problem>{problem}</Problem>
        </div>
        {data !== undefined ? (
          <Panel what="The list of boards" of={data}>
            <Boards list={data} refusal={refusal} onExample={() => void example()} />
          </Panel>
        ) : query.isError ? (
          <ErrorState what="the boards" error={query.error} onRetry={() => void query.refetch()} />
        ) : (
          <div
            role="status"
            aria-busy="true"
            aria-label="Loading the boards"
            className="px-6 max-[700px]:px-3"
          >
            <SkeletonRows
              count={3}
              height={56}
              columns="flex items-center gap-6"
              widths={[220, 320]}
              narrows={[]}
            />
          </div>
        )}
      </div>
      <NewBoardDialog open={isMaking} onClose={() => setMaking(false)} />
    </>
  );
}

interface BoardsProps {
  readonly list: BoardList;
  readonly refusal: string | undefined;
  readonly onExample: () => void;
}

function Boards({ list: { boards }, refusal, onExample }: BoardsProps) {
  const routes = useRoutes();
  const names = useGoalNames();
  const [doomed, setDoomed] = useState<BoardView>();
  if (boards.length === 0)
    return (
      <EmptyState
        icon={LayoutDashboard}
        title="No boards yet"
        action={
          <Button look="primary" refusal={refusal} onClick={onExample}>
            Begin with an example board
          </Button>
        }
      >
        A board is figures, charts, tables, goals and saved queries that people look at together: arranged as
        they like, sent as a link, on a screen on the wall, or on paper.
      </EmptyState>
    );
  return (
    <>
      <ul aria-label="Boards">
        {boards.map((one) => {
          const { id, board, savedBy, savedAt } = one;
          return (
            <li
              key={id}
              className="flex flex-wrap items-center gap-x-4 gap-y-1 border-line border-b px-6 py-3 max-[700px]:px-3"
            >
              <div className="min-w-0 flex-1 max-[700px]:basis-full">
                <Link href={routes.board(id)} className="break-words rounded font-strong hover:underline">
                  {board.name}
                </Link>
                <p className="truncate text-ink-2 text-small">
                  {board.panels.length === 0
                    ? "No panels yet"
                    : board.panels.map((panel) => panelTitle(panel, names)).join(" · ")}
                </p>
              </div>
              <span className="text-ink-3 text-small">
                {savedBy} · <TimeAgo at={savedAt} />
              </span>
              <Button
                size="small"
                look="quiet"
                refusal={refusal}
                aria-label={`Delete ${board.name}`}
                onClick={() => setDoomed(one)}
              >
                Delete…
              </Button>
            </li>
          );
        })}
      </ul>
      <DeleteBoardDialog board={doomed} onClose={() => setDoomed(undefined)} />
    </>
  );
}
