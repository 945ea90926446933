import { z } from "zod";
import { alertChannelName } from "./alert-message.ts";
import * as f from "./fields.ts";
import { labelClauses, mostPanelClauses } from "./label-clauses.ts";
import { parseJson } from "./parse-json.ts";
import { sharedChange } from "./shared-change.ts";

const longestBoardName = 100;
const mostPanels = 24;
/** A board is so many columns wide where there is room. */
const boardColumns = 4;
/** A panel is at most so many rows high. */
const boardRows = 4;

/** Periods that move along with now. */
const boardPeriods = ["15m", "1h", "6h", "24h", "7d", "30d", "90d"] as const;

/** Figures of the Overview, by name. */
const boardFigures = [
  "stuck",
  "open",
  "started",
  "completed",
  "failed",
  "cancelled",
  "successRate",
  "p50",
  "p95",
  "p99",
] as const;

const basics = {
  /** Tells the panels of a board apart, whatever is moved. */
  id: z.string().min(1).max(40),
  /** Absent: as what it shows is called. */
  title: z.string().trim().min(1).max(100).exactOptional(),
  width: z.number().int().min(1).max(boardColumns),
  height: z.number().int().min(1).max(boardRows),
};

const ofRuns = {
  /** Runs of this one alone; absent: of all. */
  workflow: f.name.exactOptional(),
  /** Always this period; absent: the one of the board. */
  period: z.enum(boardPeriods).exactOptional(),
};

const ofLabels = {
  /** Runs with such labels alone; absent: whatever they have. */
  where: labelClauses(mostPanelClauses)
    .refine((clauses) => clauses.length > 0, "say which labels, or leave it out")
    .exactOptional(),
};

/** What a break-down is asked for, as the page of figures has it in its address. */
const brokenDown = {
  ...ofRuns,
  ...ofLabels,
  of: z.enum(["started", "ended"]),
  /** `workflow`, `version`, `error`, `label.region` */
  by: z
    .string()
    .max(66)
    .regex(/^(?:workflow|version|error|label\..+)$/s, "workflow, version, error or label.name")
    .exactOptional(),
  /** Such as `label.amount`, whose sum is told. */
  number: z
    .string()
    .max(300)
    .regex(/^(?:(?:output|run)(?:\..*)?|label\..+)$/s, "such as label.amount, run.seats or output.total")
    .exactOptional(),
};

const boardPanel = z.discriminatedUnion("kind", [
  z
    .object({
      kind: z.literal("figure"),
      ...basics,
      ...ofRuns,
      ...ofLabels,
      figure: z.enum(boardFigures),
      /** With the period before, or the same a week ago. */
      compare: z.enum(["before", "week"]).exactOptional(),
    })
    .refine(
      ({ where, figure, compare }) =>
        where === undefined || (figure !== "stuck" && figure !== "open" && compare === undefined),
      "what is stuck or open now, and what is compared, can't be of some labels",
    ),
  z.object({ kind: z.literal("series"), ...basics, ...ofRuns, series: z.enum(["ended", "durations"]) }),
  z.object({
    kind: z.literal("table"),
    ...basics,
    ...ofRuns,
    table: z.enum(["workflows", "jobs", "errors"]),
  }),
  z.object({
    kind: z.literal("breakDown"),
    ...basics,
    ...brokenDown,
    show: z.enum(["total", "groups", "chart", "durations", "slowest", "largest"]),
  }),
  z.object({ kind: z.literal("goal"), ...basics, goalId: z.string().min(1).max(100) }),
  /** A saved query: who may not ask SQL is shown nothing of it, not even its text. */
  z.object({
    kind: z.literal("sql"),
    ...basics,
    queryId: z.string().min(1).max(100),
    view: z.enum(["table", "chart"]),
  }),
]);

/** When a board is sent, and to whom. */
export const boardSchedule = z.object({
  /** Of the server's configuration, by which mail server it goes. */
  channel: alertChannelName,
  to: z
    .array(z.email("an address such as maria@example.com").max(320))
    .min(1, "say to whom")
    .max(20, "to 20 addresses at most"),
  /** 1 is Monday. */
  weekday: z.number().int().min(1).max(7),
  hour: z.number().int().min(0).max(23),
  timeZone: z.string().min(1).max(60),
});

export type BoardSchedule = z.infer<typeof boardSchedule>;

export type BoardPanel = z.infer<typeof boardPanel>;

/** What people look at together. */
export const boardDefinition = z.object({
  name: z.string().trim().min(1, "give it a name").max(longestBoardName),
  /** What it shows at first; who looks chooses another one. */
  period: z.enum(boardPeriods),
  /** In reading order: a row is filled before the next begins. */
  panels: z
    .array(boardPanel)
    .max(mostPanels, `at most ${mostPanels} panels`)
    .refine((panels) => new Set(panels.map(({ id }) => id)).size === panels.length, "two panels have one id"),
  /** Absent: nobody is sent it. */
  weekly: boardSchedule.exactOptional(),
});

export type BoardDefinition = z.infer<typeof boardDefinition>;

const change = {
  id: z.string().min(1).max(100),
  ...sharedChange,
};

/** How somebody arranged a board. A later message of the same id takes its place. */
const boardMessage = z.discriminatedUnion("type", [
  z.object({ type: z.literal("saved"), ...change, board: boardDefinition }),
  z.object({ type: z.literal("deleted"), ...change }),
]);

export type BoardMessage = z.infer<typeof boardMessage>;

export function encodeBoardMessage(message: BoardMessage): Uint8Array {
  return Buffer.from(JSON.stringify(message));
}

/** `undefined` for bytes that are no such message. */
export function parseBoardMessage(bytes: Uint8Array): BoardMessage | undefined {
  return parseJson(boardMessage, bytes);
}
