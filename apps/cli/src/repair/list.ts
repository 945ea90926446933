import type { RunSummary } from "@downbeat/api/views";
import type { Api } from "../api/client.ts";
import { printJson, printLine } from "../output/print.ts";
import { table } from "../output/table.ts";
import { ago } from "../output/words.ts";

/** The runs that are set aside. */
export async function listDamaged(api: Api, json: boolean): Promise<void> {
  const damaged: RunSummary[] = [];
  let cursor: string | undefined;
  do {
    const page = await api.runs.list.query({
      filter: { status: ["stuck"] },
      limit: 200,
      ...(cursor !== undefined && { cursor }),
    });
    damaged.push(...page.runs.filter((run) => run.damaged?.isNewer === false));
    cursor = page.cursor;
  } while (cursor !== undefined);
  if (json) return printJson({ runs: damaged });
  const now = Date.now();
  const rows = damaged.map(({ runId, workflow, seq, damaged }) => [
    runId,
    workflow,
    damaged === undefined ? "" : ago(damaged.since, now),
    String(seq),
    damaged?.found ?? "",
  ]);
  printLine(
    rows.length === 0
      ? "No run is set aside."
      : table(["RUN", "WORKFLOW", "SINCE", "GOOD TO EVENT", "FOUND"], rows),
  );
}
