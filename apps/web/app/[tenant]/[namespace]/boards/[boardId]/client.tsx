"use client";

import type { BoardDefinition, BoardView } from "@downbeat/api/views";
import { ImageDown, LayoutDashboard, Mail, Maximize, Minimize, Printer } from "lucide-react";
import Link from "next/link";
import { useMemo, useRef, useState } from "react";
import { Button, IconButton } from "@/components/button.tsx";
import { CopyButton } from "@/components/copy-button.tsx";
import { EmptyState } from "@/components/empty-state.tsx";
import { ErrorState } from "@/components/error-state.tsx";
import { Problem } from "@/components/problem.tsx";
import { RangePicker } from "@/components/range-picker.tsx";
import { StaleLine } from "@/components/stale-line.tsx";
import { newPanelId, withPanel } from "@/features/boards/arrange.ts";
import { ArrangeStrip } from "@/features/boards/arrange-strip.tsx";
import { BoardCaveats } from "@/features/boards/board-caveats.tsx";
import { BoardGrid } from "@/features/boards/board-grid.tsx";
import { BoardSkeleton } from "@/features/boards/board-skeleton.tsx";
import { exampleBoard } from "@/features/boards/example-board.ts";
import { BoardConflictDialog } from "@/features/boards/load-board-conflict.ts";
import { PanelDialog } from "@/features/boards/load-panel-dialog.ts";
import { ScheduleDialog } from "@/features/boards/load-schedule-dialog.ts";
import { savePicture } from "@/features/boards/save-picture.ts";
import { useArranging } from "@/features/boards/use-arranging.ts";
import { useBoards } from "@/features/boards/use-boards.ts";
import { useGoalNames } from "@/features/boards/use-names.ts";
import { fillScreen, useWall } from "@/features/boards/use-wall.ts";
import { formatDate } from "@/lib/absolute-time.ts";
import { serverNow } from "@/lib/clock.ts";
import { describeRange } from "@/lib/range-words.ts";
import type { TimeRange } from "@/lib/time-range.ts";
import { useRefusal } from "@/lib/use-refusal.ts";
import { useSearchState } from "@/lib/use-search-state.ts";
import { useSubmission } from "@/lib/use-submission.ts";
import { useCommands } from "@/shell/commands-provider.tsx";
import { useRoutes } from "@/shell/namespace-provider.tsx";
import { PageHeader } from "@/shell/page-header.tsx";
import { useRangeCommands } from "@/shell/use-range-commands.ts";
import { type BoardParams, parseBoardParams, serializeBoardParams } from "./search-params.ts";

const urlState = { parse: parseBoardParams, serialize: serializeBoardParams };

export function BoardClient({ boardId }: { readonly boardId: string }) {
  const query = useBoards();
  const routes = useRoutes();
  const { data } = query;
  const [last, setLast] = useState<BoardView>();
  const found = data?.boards.find(({ id }) => id === boardId);
  if (found !== undefined && found !== last) setLast(found);
  // What is arranged stays, though somebody deletes the board meanwhile.
  const board = found ?? last;
  if (board !== undefined) return <Board view={board} isGone={found === undefined} query={query} />;
  return (
    <>
      <PageHeader title="Board" />
      <div className="px-6 max-[700px]:px-3">
        {data !== undefined ? (
          <EmptyState
            icon={LayoutDashboard}
            title="There is no such board"
            action={<Link href={routes.boards()}>All boards</Link>}
          >
            It was deleted, or the link is of another namespace.
          </EmptyState>
        ) : query.isError ? (
          <ErrorState what="the board" error={query.error} onRetry={() => void query.refetch()} />
        ) : (
          <BoardSkeleton />
        )}
      </div>
    </>
  );
}

interface BoardProps {
  readonly view: BoardView;
  readonly isGone: boolean;
  readonly query: ReturnType<typeof useBoards>;
}

function Board({ view, isGone, query }: BoardProps) {
  const [params, change] = useSearchState<BoardParams>(urlState);
  const routes = useRoutes();
  const names = useGoalNames();
  const refusal = useRefusal("keepBoards");
  const mayKeep = refusal === undefined;
  const [isScheduling, setScheduling] = useState(false);
  const arranging = useArranging(view);
  const { draft } = arranging;
  const board: BoardDefinition = draft ?? view.board;
  const range = useMemo<TimeRange>(
    () => params.range ?? { type: "last", preset: board.period },
    [params.range, board.period],
  );
  const isWall = params.wall !== undefined && draft === undefined;
  const leaveWall = () => change({ wall: undefined });
  useWall(isWall, leaveWall);
  const onWall = () => {
    change({ wall: "1" });
    void fillScreen();
  };
  const sheet = useRef<HTMLDivElement>(null);
  const picture = useSubmission();
  const onPicture = () =>
    void picture.submit(async () => {
      if (sheet.current !== null) await savePicture(sheet.current, board.name);
      return undefined;
    });
  useCommands([
    { id: "picture", label: "Save as PNG", group: "This page", run: onPicture },
    { id: "wall", label: "Full screen, for a wall", group: "This page", keys: "f", run: onWall },
    { id: "print", label: "Print, or save as PDF", group: "This page", run: () => window.print() },
    {
      id: "arrange",
      label: "Arrange the board",
      group: "This page",
      keys: "e",
      refusal,
      run: arranging.begin,
    },
    ...(isWall
      ? [
          {
            id: "leave",
            label: "Leave full screen",
            group: "This page",
            keys: "Escape",
            run: leaveWall,
          } as const,
        ]
      : []),
  ]);
  useRangeCommands(range, (next) => change({ range: next }));
  const link = routes.board(view.id, params.range === undefined ? {} : { range: params.range });
  return (
    <>
      <PageHeader title={board.name} detail={isWall ? describeRange(range) : undefined}>
        {isWall ? (
          <IconButton label="Leave full screen" onClick={leaveWall}>
            <Minimize aria-hidden size={15} />
          </IconButton>
        ) : (
          <>
            <RangePicker range={range} onChange={(next) => change({ range: next })} />
            <CopyButton text={linkOf(link)} what="link to this board" />
            <IconButton label="Print, or save as PDF" onClick={() => window.print()}>
              <Printer aria-hidden size={15} />
            </IconButton>
            <IconButton label="Save as PNG" disabled={picture.isBusy} onClick={onPicture}>
              <ImageDown aria-hidden size={15} />
            </IconButton>
            <IconButton
              label={mayKeep ? "Weekly e-mail" : `Weekly e-mail. ${refusal}`}
              disabled={draft !== undefined || !mayKeep}
              onClick={() => setScheduling(true)}
            >
              <Mail aria-hidden size={15} />
            </IconButton>
            <IconButton label="Full screen, for a wall" onClick={onWall}>
              <Maximize aria-hidden size={15} />
            </IconButton>
            <Button refusal={refusal} aria-pressed={draft !== undefined} onClick={arranging.begin}>
              Arrange
            </Button>
          </>
        )}
      </PageHeader>
      <div className="min-h-0 flex-1 overflow-y-auto px-6 pb-6 max-[700px]:px-3">
        <StaleLine query={query} />
        <Problem>{picture.problem}</Problem>
        {isGone ? (
          <p role="status" className="mb-3 rounded-md bg-sunken px-3 py-2 text-ink-2">
            This board was deleted meanwhile; what you have here stays until you leave.
          </p>
        ) : null}
        {draft === undefined ? null : (
          <ArrangeStrip
            board={draft}
            newer={arranging.newer}
            isBusy={arranging.isBusy}
            problem={arranging.conflict === undefined ? arranging.problem : undefined}
            onChange={arranging.change}
            onAdd={() => arranging.edit("new")}
            onSave={arranging.save}
            onDiscard={arranging.discard}
          />
        )}
        {board.panels.length === 0 ? (
          <EmptyState
            icon={LayoutDashboard}
            title="No panels yet"
            action={
              <div className="flex flex-wrap justify-center gap-2">
                <Button look="primary" refusal={refusal} onClick={() => arranging.edit("new")}>
                  Add a panel…
                </Button>
                <Button
                  refusal={refusal}
                  onClick={() => arranging.change({ panels: [...exampleBoard.panels] })}
                >
                  Fill it with the example
                </Button>
              </div>
            }
          >
            Figures, charts, tables, goals and saved queries: each panel opens the runs that it counts.
          </EmptyState>
        ) : (
          <div ref={sheet}>
            <p data-caption="" className="mb-3 hidden text-ink-2 print:block">
              <span className="font-strong text-ink print:hidden">{board.name} · </span>
              {describeRange(range)}, as of {formatDate(serverNow())}
            </p>
            <BoardCaveats panels={board.panels} range={range} />
            <BoardGrid
              panels={board.panels}
              range={range}
              names={names}
              {...(draft !== undefined && {
                arranging: {
                  onChange: (panels) => arranging.change({ panels: [...panels] }),
                  onEdit: arranging.edit,
                },
              })}
            />
          </div>
        )}
      </div>
      <ScheduleDialog view={view} open={isScheduling} onClose={() => setScheduling(false)} />
      <PanelDialog
        of={arranging.edited}
        newId={newPanelId(board.panels)}
        onClose={() => arranging.edit(undefined)}
        onDone={(panel) => {
          arranging.change({ panels: [...withPanel(board.panels, panel)] });
          arranging.edit(undefined);
        }}
      />
      <BoardConflictDialog
        conflict={arranging.conflict}
        mine={board}
        names={names}
        isBusy={arranging.isBusy}
        problem={arranging.problem}
        onSave={arranging.saveInstead}
        onTheirs={arranging.discard}
        onClose={arranging.closeConflict}
      />
    </>
  );
}

function linkOf(path: string): string {
  return typeof window === "undefined" ? path : `${window.location.origin}${path}`;
}
