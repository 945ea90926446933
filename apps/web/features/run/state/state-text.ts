import type { RunState, TimelineRow } from "@downbeat/api/views";
import { formatFull } from "../../../lib/absolute-time.ts";
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
/** Of a row: of the page, not of the run, or in its label. */
const left = new Set(["kind", "rowId", "jobId", "timerId", "jobType", "name", "firstSeq", "lastSeq"]);

/** The state as JSON that a person reads: steps by their names, times with their days as the page says them, what they carry as it was written. */
export function stateText(state: RunState | undefined): string | undefined {
  if (state === undefined) return undefined;
  const { closing, labels, output, failure, rows, ledger } = state;
  return jsonText({
    status: state.shown,
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

/** Within a row such names are others': a failure's name is what it is known by. */
function shownFields(row: TimelineRow): unknown {
  return Object.fromEntries(
    Object.entries(row)
      .filter(([name]) => !left.has(name))
      .map(([name, field]) => [name, shown(name, field)]),
  );
}

function shown(name: string, value: unknown): unknown {
  if (times.has(name) && typeof value === "number") return formatFull(value);
  if (Array.isArray(value)) return value.map((item) => shown("", item));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([inner, field]) => [inner, shown(inner, field)]));
}
