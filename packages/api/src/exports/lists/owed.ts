import { failureWords } from "@downbeat/domain";
import type { z } from "zod";
import { ListOwed, listOwed } from "../../usecases/list-owed.ts";
import type { OwedView } from "../../views.ts";
import { type Exportable, labelText, stamp } from "../exportable.ts";
import { pageSize } from "../page-size.ts";

export const owedQuery = ListOwed.unwrap().omit({ cursor: true, limit: true }).prefault({});

export const owedExport: Exportable<z.infer<typeof owedQuery>, OwedView> = {
  name: "owed",
  about: ({ standing = [], workflow = "", jobType = "", amount = "" }) => [
    ...standing,
    workflow,
    jobType,
    amount,
  ],
  columns: ({ amount }) => [
    { name: "since", of: ({ since }) => stamp(since) },
    { name: "run", of: ({ runId }) => runId },
    { name: "workflow", of: ({ workflow }) => workflow },
    { name: "undone by", of: ({ jobType }) => jobType },
    { name: "stands", of: ({ standing }) => standing },
    ...(amount === undefined ? [] : [{ name: amount, of: (owed: OwedView) => owed.amount }]),
    { name: "labels", of: ({ labels }) => labelText(labels) },
    { name: "error", of: ({ failure }) => failure && failureWords(failure) },
  ],
  page(context, query, cursor) {
    const { owed, ...page } = listOwed(context, { ...query, cursor, limit: pageSize });
    return { ...page, rows: owed };
  },
};
