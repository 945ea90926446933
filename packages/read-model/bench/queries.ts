import type { ReadModel } from "../src/read/read-model.ts";
import type { RunFilter } from "../src/views.ts";

const hour = 3_600_000;
const day = 24 * hour;

export interface Query {
  readonly group: "list" | "run" | "overview";
  readonly name: string;
  /** @param round so that each question is another one where that matters */
  readonly ask: (readModel: ReadModel, round: number) => unknown;
}

/** What people ask, on a read model with so many runs of the synthetic history that ends at `to`. */
export function queries(runs: number, from: number, to: number): Query[] {
  const middle = from + (to - from) / 2;
  const some = (round: number): number => Math.floor((runs - 1) * ((round * 7_919) % 997)) / 997;
  const run = (round: number): number => Math.floor(some(round));
  const runId = (round: number): string => `trip-${1_000_000 + run(round)}`;
  const order = (round: number): string => `order-${500_000 + run(round)}`;

  const list = (name: string, filter: (round: number) => RunFilter): Query => ({
    group: "list",
    name,
    ask: (readModel, round) => readModel.listRuns({ filter: filter(round), limit: 50 }),
  });
  const overview = (name: string, ms: number, more: object = {}): Query => ({
    group: "overview",
    name,
    ask: (readModel) => readModel.overview({ from: to - ms, to, ...more }),
  });
  return [
    list("all", () => ({})),
    list("stuck", () => ({ status: ["stuck"] })),
    list("completed", () => ({ status: ["completed"] })),
    list("open", () => ({ status: ["running", "waiting", "stuck"] })),
    list("workflow", () => ({ workflow: "bookTrip" })),
    list("workflow and failed", () => ({ workflow: "rebookTrip", status: ["failed"] })),
    list("last day", () => ({ from: to - day })),
    list("an hour, failed", () => ({ from: middle, to: middle + hour, status: ["failed"] })),
    list("everything since the beginning, failed", () => ({ from, status: ["failed"] })),
    list("ended in an hour", () => ({ by: "ended", from: middle, to: middle + hour })),
    list("ended in a day, failed, workflow", () => ({
      by: "ended",
      from: middle,
      to: middle + day,
      status: ["failed"],
      workflow: "rebookTrip",
    })),
    list("label of one run", (round) => ({ labels: { order: order(round) } })),
    list("label of a quarter", () => ({ labels: { region: "eu" } })),
    list("label of a quarter, stuck", () => ({ labels: { region: "eu" }, status: ["stuck"] })),
    list("label of a quarter, cancelled, workflow, day", () => ({
      labels: { region: "eu" },
      status: ["cancelled"],
      workflow: "rebookTrip",
      from: middle,
      to: middle + day,
    })),
    list("two labels", (round) => ({ labels: { region: "eu", order: order(round) } })),
    list("text: a run id", (round) => ({ text: runId(round) })),
    list("text: an order number", (round) => ({ text: order(round).slice("order-".length) })),
    list("text: beginning of a hundred ids", (round) => ({ text: runId(round).slice(0, -2) })),
    list("text: beginning of ten thousand ids", (round) => ({ text: runId(round).slice(0, -4) })),
    list("text: beginning of every id", () => ({ text: "trip" })),
    list("text: beginning of every id, stuck", () => ({ text: "trip", status: ["stuck"] })),
    list("text: nothing has it", () => ({ text: "zzz" })),
    { group: "run", name: "timeline", ask: (readModel, round) => readModel.run(runId(round)) },
    {
      group: "run",
      name: "events",
      ask: (readModel, round) => readModel.events(runId(round + 500), { afterSeq: 0, limit: 200 }),
    },
    overview("an hour", hour),
    overview("a day", day),
    overview("a week", 7 * day),
    overview("thirty days", 30 * day),
    overview("thirty days by the hour, one workflow", 30 * day, { bucketMs: hour, workflow: "bookTrip" }),
    { group: "overview", name: "attention", ask: (readModel) => readModel.attention({ limit: 50 }) },
  ];
}
