import type { BoardList } from "@downbeat/api/views";

const figure = { kind: "figure", width: 1, height: 1 } as const;
const saved = { savedBy: "maria", savedAt: Date.UTC(2026, 10, 2), version: 1 };
const long = "reserveRoomsAtTheHotelThatTheCustomerChoseInTheSecondStep_v2";

/** One panel of each kind. */
export function boardList(): BoardList {
  return {
    mails: {
      week: [
        { mailId: "m2", due: 2, at: Date.UTC(2026, 10, 9, 8), addresses: 2, outcome: "delivered" },
        {
          mailId: "m1",
          due: 1,
          at: Date.UTC(2026, 10, 2, 8),
          addresses: 1,
          by: "maria",
          outcome: "failed",
          problem: "The mail server did not take it: ECONNECTION.",
        },
      ],
    },
    mailChannels: ["team"],
    boards: [
      {
        id: "week",
        board: {
          name: "How the week is",
          period: "7d",
          panels: [
            { ...figure, id: "stuck", figure: "stuck" },
            { ...figure, id: "done", figure: "completed", compare: "week" },
            { ...figure, id: "named", figure: "p95", title: long },
            { kind: "goal", id: "goal", width: 1, height: 2, goalId: "in-time" },
            { kind: "series", id: "ended", width: 2, height: 2, series: "ended", workflow: "bookTrip" },
            { kind: "series", id: "took", width: 1, height: 2, series: "durations", period: "24h" },
            { kind: "table", id: "workflows", width: 4, height: 2, table: "workflows" },
            { kind: "table", id: "jobs", width: 2, height: 2, table: "jobs" },
            { kind: "table", id: "errors", width: 2, height: 2, table: "errors" },
            {
              kind: "breakDown",
              id: "groups",
              width: 2,
              height: 2,
              of: "ended",
              by: "workflow",
              number: "output.total",
              show: "groups",
            },
            { kind: "breakDown", id: "chart", width: 2, height: 2, of: "ended", show: "chart" },
            { kind: "breakDown", id: "map", width: 2, height: 2, of: "ended", show: "durations" },
            { kind: "breakDown", id: "slow", width: 2, height: 2, of: "ended", show: "slowest" },
            { kind: "sql", id: "sql", width: 2, height: 2, queryId: "gone", view: "table" },
          ],
        },
        ...saved,
      },
      { id: "empty", board: { name: long, period: "24h", panels: [] }, ...saved },
    ],
  };
}
