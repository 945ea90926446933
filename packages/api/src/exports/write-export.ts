import { setImmediate } from "node:timers/promises";
import { BadCursor } from "@downbeat/read-model";
import { ApiError } from "../api-error.ts";
import type { Context } from "../context.ts";
import { shownTo } from "../permissions/without-payloads.ts";
import type { ExportUpdate } from "../views.ts";
import type { Exportable, ExportPage } from "./exportable.ts";
import { fileName } from "./file-name.ts";
import { type ExportFormat, fileWriter } from "./formats.ts";

/**
 * The first page is asked for before anything is streamed: what is refused is refused as the list itself would. After that a page is asked for when whoever
 * reads has taken the one before, so that no more than a few are ever held.
 *
 * @throws ApiError
 */
export async function writeExport<Query, Row>(
  context: Context,
  list: Exportable<Query, Row>,
  query: Query,
  format: ExportFormat,
): Promise<AsyncGenerator<ExportUpdate, void, void>> {
  context.exports.check(context.actor);
  const first = await list.page(context, query, undefined);
  return written(context, list, query, { format, first });
}

async function* written<Query, Row>(
  context: Context,
  list: Exportable<Query, Row>,
  query: Query,
  begun: { readonly format: ExportFormat; readonly first: ExportPage<Row> },
): AsyncGenerator<ExportUpdate, void, void> {
  const end = context.exports.begin(context.actor);
  try {
    yield* pages(context, list, query, begun);
  } finally {
    end();
  }
}

async function* pages<Query, Row>(
  context: Context,
  list: Exportable<Query, Row>,
  query: Query,
  { format, first }: { readonly format: ExportFormat; readonly first: ExportPage<Row> },
): AsyncGenerator<ExportUpdate, void, void> {
  const at = context.now();
  const writer = fileWriter(format, list.columns(query), { list: list.name, at });
  const { count, countIsLowerBound } = first;
  yield {
    type: "begin",
    fileName: fileName(list.name, list.about(query), at, format),
    mediaType: writer.mediaType,
    ...(count !== undefined && { count }),
    ...(countIsLowerBound === true && { countIsLowerBound }),
    text: writer.begin(),
  };
  let rows = 0;
  let cut: string | undefined;
  let asked: string | undefined;
  for (let page = first; ; ) {
    rows += page.rows.length;
    const { searchedTo } = page;
    yield {
      type: "rows",
      rows,
      ...(searchedTo !== undefined && { searchedTo }),
      text: writer.rows(shownTo(context.role, context.masking.shown(page.rows))),
    };
    cut = page.cut ?? cut;
    // What is missing from all pages does not end the list; one that stands still does.
    if (page.cursor === undefined || (page.cut !== undefined && page.cursor === asked)) break;
    if (context.signal?.aborted === true) {
      cut = "It was cancelled.";
      break;
    }
    // What others have asked in between is answered first.
    await setImmediate();
    asked = page.cursor;
    const next = await nextPage(context, list, query, asked);
    if (typeof next === "string") {
      cut = next;
      break;
    }
    page = next;
  }
  yield { type: "end", rows, ...(cut !== undefined && { cut }), text: writer.end({ rows, cut }) };
}

/** A sentence where the list can't go on: what was written is worth something, marked as cut. */
async function nextPage<Query, Row>(
  context: Context,
  list: Exportable<Query, Row>,
  query: Query,
  cursor: string,
): Promise<ExportPage<Row> | string> {
  try {
    return await list.page(context, query, cursor);
  } catch (error) {
    if (error instanceof ApiError || error instanceof BadCursor) return error.message;
    throw error;
  }
}
