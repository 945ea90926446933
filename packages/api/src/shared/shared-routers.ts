import { allowed, router } from "../trpc.ts";
import { deleteBoard } from "../usecases/delete-board.ts";
import { deleteGoal } from "../usecases/delete-goal.ts";
import { deleteInput } from "../usecases/delete-input.ts";
import { deleteQuery } from "../usecases/delete-query.ts";
import { deleteView } from "../usecases/delete-view.ts";
import { GetGoalFigures, getGoalFigures } from "../usecases/get-goal-figures.ts";
import { getSavedInput, WhichSavedInput } from "../usecases/get-saved-input.ts";
import { listBoards } from "../usecases/list-boards.ts";
import { listGoals } from "../usecases/list-goals.ts";
import { listSavedInputs } from "../usecases/list-saved-inputs.ts";
import { listSavedQueries } from "../usecases/list-saved-queries.ts";
import { listSavedViews } from "../usecases/list-saved-views.ts";
import { SaveBoard, saveBoard } from "../usecases/save-board.ts";
import { SaveGoal, saveGoal } from "../usecases/save-goal.ts";
import { SaveInput, saveInput } from "../usecases/save-input.ts";
import { SaveQuery, saveQuery } from "../usecases/save-query.ts";
import { SaveView, saveView } from "../usecases/save-view.ts";
import { ScheduleBoard, scheduleBoard } from "../usecases/schedule-board.ts";
import { SendBoard, sendBoard } from "../usecases/send-board.ts";
import { TellBoard, tellBoardTo } from "../usecases/tell-board.ts";
import { DeleteShared } from "./delete-shared.ts";

/** What people keep, for themselves or for everybody. */

export const savedQueriesRouter = router({
  list: allowed("askSql").query(({ ctx }) => listSavedQueries(ctx)),
  save: allowed("askSql")
    .input(SaveQuery)
    .mutation(({ ctx, input }) => saveQuery(ctx, input)),
  delete: allowed("askSql")
    .input(DeleteShared)
    .mutation(({ ctx, input }) => deleteQuery(ctx, input)),
});

export const savedViewsRouter = router({
  list: allowed("see").query(({ ctx }) => listSavedViews(ctx)),
  // What is for all needs more: the verbs say it.
  save: allowed("see")
    .input(SaveView)
    .mutation(({ ctx, input }) => saveView(ctx, input)),
  delete: allowed("see")
    .input(DeleteShared)
    .mutation(({ ctx, input }) => deleteView(ctx, input)),
});

export const savedInputsRouter = router({
  list: allowed("startRuns").query(({ ctx }) => listSavedInputs(ctx)),
  get: allowed("startRuns")
    .input(WhichSavedInput)
    .query(({ ctx, input }) => getSavedInput(ctx, input)),
  save: allowed("startRuns")
    .input(SaveInput)
    .mutation(({ ctx, input }) => saveInput(ctx, input)),
  delete: allowed("startRuns")
    .input(DeleteShared)
    .mutation(({ ctx, input }) => deleteInput(ctx, input)),
});

export const goalsRouter = router({
  list: allowed("see").query(({ ctx }) => listGoals(ctx)),
  figures: allowed("see")
    .input(GetGoalFigures)
    .query(({ ctx, input, signal }) => getGoalFigures({ ...ctx, signal }, input)),
  save: allowed("keepBoards")
    .input(SaveGoal)
    .mutation(({ ctx, input }) => saveGoal(ctx, input)),
  delete: allowed("keepBoards")
    .input(DeleteShared)
    .mutation(({ ctx, input }) => deleteGoal(ctx, input)),
});

export const boardsRouter = router({
  list: allowed("see").query(({ ctx }) => listBoards(ctx)),
  tell: allowed("see")
    .input(TellBoard)
    .query(({ ctx, input }) => tellBoardTo(ctx, input)),
  save: allowed("keepBoards")
    .input(SaveBoard)
    .mutation(({ ctx, input }) => saveBoard(ctx, input)),
  delete: allowed("keepBoards")
    .input(DeleteShared)
    .mutation(({ ctx, input }) => deleteBoard(ctx, input)),
  schedule: allowed("keepBoards")
    .input(ScheduleBoard)
    .mutation(({ ctx, input }) => scheduleBoard(ctx, input)),
  send: allowed("keepBoards")
    .input(SendBoard)
    .mutation(({ ctx, input }) => sendBoard(ctx, input)),
});
