import type { RunState, TimelineRow } from "@downbeat/api/views";
import { formatClockMs } from "../../../lib/absolute-time.ts";
import { jsonText } from "../export/json-with-payloads.ts";

/** Fields that say when. */
const times = new Set([
  "from",
  "to",
  "dueAt",
  "requestedAt",
  "startedAt",
  "endedAt",
  "retryAt",
  "receivedAt",
]);
/** Of the page, not of the run. */
const left = new Set(["kind", "rowId", "jobId", "timerId", "jobType", "name", "firstSeq", "lastSeq"]);

/** The state as JSON that a person reads: steps by their names, times by the clocks of the page, what they carry as it was written. */
export function stateText(state: RunState | undefined): string | undefined {
  if (state === undefined) return undefined;
  const { shown, closing, labels, output, failure, rows, ledger } = state;
  return jsonText({
    status: shown,
    closing,
    labels,
    output,
    failure,
    steps: Object.fromEntries(Object.values(rows).map((row) => [stepLabel(row), shownFields(row)])),
    compensation: Object.fromEntries(
      ledger.map(({ compensationId, jobType, undoes, status }) => [
        `${jobType} (${compensationId}${undoes === undefined ? "" : `, undoes ${undoes}`})`,
        status,
      ]),
    ),
  });
}

function stepLabel(row: TimelineRow): string {
  switch (row.kind) {
    case "job":
      return `${row.jobType} (${row.rowId})`;
    case "timer":
      return `sleep (${row.rowId})`;
    case "signal":
      return `signal ${row.name} (${row.rowId})`;
  }
}

function shownFields(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(shownFields);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([name]) => !left.has(name))
      .map(([name, field]) => [
        name,
        times.has(name) && typeof field === "number" ? formatClockMs(field) : shownFields(field),
      ]),
  );
}
