import type { BulkOutcome, BulkTargetView, BulkView, ResultTable } from "@downbeat/api/views";
import type { Client } from "@/trpc/client.ts";
import { saveFile, toCsv } from "../analytics/export.ts";
import { isOver, outcomeLook } from "./bulk-words.ts";

const pageSize = 500;

/** All targets, or those of one outcome, as a file for a spreadsheet. */
export async function exportTargets(
  client: Client,
  bulk: BulkView,
  outcome: BulkOutcome | undefined,
): Promise<void> {
  const { bulkId } = bulk;
  const all: BulkTargetView[] = [];
  let cursor: number | undefined = 0;
  while (cursor !== undefined) {
    const page: Awaited<ReturnType<Client["bulk"]["targets"]["query"]>> = await client.bulk.targets.query({
      bulkId,
      cursor,
      limit: pageSize,
      ...(outcome !== undefined && { outcome }),
    });
    all.push(...page.targets);
    cursor = page.next;
  }
  saveFile(
    `${bulkId}${outcome === undefined ? "" : `-${outcome}`}.csv`,
    "text/csv",
    toCsv(tableOf(all, isOver(bulk))),
  );
}

function tableOf(targets: readonly BulkTargetView[], isOver: boolean): ResultTable {
  const names = ["number", "run", "job", "outcome", "message", "started run"];
  return {
    columns: names.map((name) => ({ name, type: "text" })),
    rows: targets.map(({ number, runId, jobId, outcome, message, startedRunId }) => [
      number + 1,
      runId,
      jobId ?? null,
      outcomeLook(outcome, isOver).word,
      message ?? null,
      startedRunId ?? null,
    ]),
    isCut: false,
  };
}
