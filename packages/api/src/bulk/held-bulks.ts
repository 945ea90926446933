import type { ReadModel, WaitCause } from "@downbeat/read-model";
import { bulkWorkflow } from "./built-in.ts";
import { bulkInputOf } from "./fold-bulk.ts";

/** Bulk actions that hold by themselves, oldest first: what is left of them is done only when a person says so. */
export function heldBulks(readModel: Pick<ReadModel, "openRunsLabelled" | "run">): WaitCause[] {
  const held = readModel.openRunsLabelled({ workflow: bulkWorkflow, key: "state", value: "held" });
  return held.map(({ runId, labels }) => {
    const run = readModel.run(runId);
    const about = (run === undefined ? undefined : bulkInputOf(run)?.order.about) ?? "";
    const { why = "" } = labels;
    const what = about === "" ? "A bulk action is held" : `The bulk action on “${about}” is held`;
    const says = why === "" ? `${what}.` : `${what}: ${why}`;
    return { kind: "held", on: "run", name: runId, workflow: bulkWorkflow, says };
  });
}
