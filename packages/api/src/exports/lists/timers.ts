import { failureWords } from "@downbeat/domain";
import type { z } from "zod";
import { ListTimers, listTimers } from "../../usecases/list-timers.ts";
import type { TimerView } from "../../views.ts";
import { type Exportable, periodWords, stamp } from "../exportable.ts";
import { pageSize } from "../page-size.ts";

export const timersQuery = ListTimers.unwrap().omit({ cursor: true, limit: true }).prefault({});

export const timersExport: Exportable<z.infer<typeof timersQuery>, TimerView> = {
  name: "timers",
  about: ({ kind = [], workflow = "", jobType = "", runId = "", from, to }) => [
    ...kind,
    workflow,
    jobType,
    runId,
    ...periodWords(from, to),
  ],
  columns: () => [
    { name: "due", of: ({ dueAt }) => stamp(dueAt) },
    { name: "kind", of: ({ kind }) => kind },
    { name: "run", of: ({ runId }) => runId },
    { name: "workflow", of: ({ workflow }) => workflow },
    { name: "id", of: ({ id }) => id },
    { name: "signal or job type", of: ({ name }) => name },
    { name: "since", of: ({ since }) => stamp(since) },
    { name: "attempt", of: ({ attempt }) => attempt },
    { name: "most attempts", of: ({ maxAttempts }) => maxAttempts },
    { name: "error", of: ({ failure }) => failure && failureWords(failure) },
  ],
  page(context, query, cursor) {
    const { timers, ...page } = listTimers(context, { ...query, cursor, limit: pageSize });
    return { ...page, rows: timers };
  },
};
