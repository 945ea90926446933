import { createHash } from "node:crypto";
import { type AuditEntry, longestAuditSql, longestAuditText } from "@downbeat/protocol";

/** What an entry tells of a request's input. */
export type AskedOf = Pick<AuditEntry, "on" | "given" | "sql" | "why" | "actionId">;

type Part =
  /** Its id names what is acted on. */
  | { readonly target: string }
  /** `copied`: nobody's secret. `hidden`: of a business or of people, named by size and hash. `within`: an object, field by field. */
  | "copied"
  | "hidden"
  /** Of addresses, where they lead: whose they are is nobody's business. */
  | "domains"
  | "within"
  /** Not even by its hash, which could be guessed from. */
  | "secret"
  | "why"
  | "sql"
  | "actionId";

const cause = { target: "cause" };

/** Of every mutation's input. A field that is not here is hidden; a test asks for those that exist. */
const fields: Readonly<Record<string, Part>> = {
  runId: { target: "run" },
  jobId: { target: "job" },
  bulkId: { target: "bulk action" },
  ruleId: { target: "rule" },
  channel: { target: "channel" },
  session: { target: "session" },
  password: "secret",
  current: "secret",
  wanted: "secret",
  workflow: { target: "workflow" },
  fingerprint: cause,
  "order.selection.fingerprint": cause,
  reason: "why",
  "order.reason": "why",
  note: "why",
  sql: "sql",
  actionId: "actionId",
  digest: "copied",
  signalId: "copied",
  input: "hidden",
  output: "hidden",
  payload: "hidden",
  labels: "hidden",
  name: "copied",
  kind: "copied",
  attempt: "copied",
  onlyWhile: "copied",
  outcome: "copied",
  byMs: "copied",
  mutedUntil: "copied",
  ticket: "copied",
  resolved: "copied",
  version: "copied",
  until: "copied",
  anyway: "copied",
  asOf: "copied",
  source: "copied",
  maxRows: "copied",
  what: "copied",
  subject: "copied",
  role: "copied",
  lastsMs: "copied",
  keys: "copied",
  format: "copied",
  filter: "hidden",
  list: "copied",
  query: "hidden",
  entry: { target: "quarantine entry" },
  shared: "copied",
  columns: "hidden",
  text: "hidden",
  order: "within",
  "order.verb": "copied",
  "order.about": "hidden",
  "order.output": "hidden",
  "order.signal": "within",
  "order.signal.name": "copied",
  "order.signal.payload": "hidden",
  "order.canary": "within",
  "order.canary.size": "copied",
  "order.canary.mostFailed": "copied",
  "order.perMinute": "copied",
  "order.startAt": "copied",
  "order.selection": "within",
  "order.selection.type": "copied",
  "order.selection.items": "hidden",
  "order.selection.jobType": "copied",
  "order.selection.workflow": "copied",
  "order.selection.filter": "hidden",
  goal: "within",
  "goal.name": "copied",
  "goal.workflow": { target: "workflow" },
  "goal.labels": "hidden",
  "goal.percent": "copied",
  "goal.withinMs": "copied",
  "goal.countsCancelled": "copied",
  "goal.days": "copied",
  board: "within",
  "board.name": "copied",
  "board.period": "copied",
  "board.panels": "hidden",
  weekly: "within",
  "weekly.channel": "copied",
  "weekly.to": "domains",
  "weekly.weekday": "copied",
  "weekly.hour": "copied",
  "weekly.timeZone": "copied",
  rule: "within",
  "rule.name": "copied",
  "rule.condition": "within",
  "rule.condition.kind": "copied",
  "rule.condition.filter": "hidden",
  "rule.condition.longerThanMs": "copied",
  "rule.condition.atLeast": "copied",
  "rule.condition.above": "copied",
  "rule.condition.withinMs": "copied",
  "rule.condition.jobType": "copied",
  "rule.channels": "copied",
  "rule.silencedUntil": "copied",
};

/** What is called `id` is said by what is asked for. */
const ids: Readonly<Record<string, string>> = {
  timers: "timer",
  savedQueries: "query",
  savedViews: "view",
  savedInputs: "saved input",
  goals: "goal",
  boards: "board",
  approvals: "request",
  tokens: "token",
};

const mostFields = 20;
/** Room in `given` for how many more there were, and for what comes of it (`rows`). */
const mostGiven = mostFields - 2;
const longestField = 100;
const longestId = 500;

/** Whether somebody has said how the field of this path (`order.selection`) is told. */
export function partOf(procedure: string, path: string): Part | undefined {
  const [group = ""] = procedure.split(".");
  const target = path === "id" ? ids[group] : undefined;
  if (target !== undefined) return { target };
  return Object.hasOwn(fields, path) ? fields[path] : undefined;
}

/** What is named otherwise where a password is asked for may be one all the same. */
function isSecret(procedure: string, path: string): boolean {
  return (partOf(procedure, path) ?? (procedure.startsWith("account.") && "secret")) === "secret";
}

/** @param input as it came: nothing has been checked */
export function askedOf(procedure: string, input: unknown): AskedOf {
  const told: { on: AuditEntry["on"]; given: NonNullable<AuditEntry["given"]> } & Omit<
    AskedOf,
    "on" | "given"
  > = { on: [], given: [] };
  // What something of one's own is called is nobody else's business.
  const isPrivate =
    /^saved(?:Views|Inputs)\./.test(procedure) && isObject(input) && Reflect.get(input, "shared") !== true;
  const unknown: [path: string, value: unknown][] = [];
  let untold = 0;
  const tell = (path: string, value: unknown): void => {
    if (value === undefined || value === null || value === "") return;
    if (isSecret(procedure, path)) return;
    const part = isPrivate && path === "name" ? "hidden" : (partOf(procedure, path) ?? "hidden");
    if (part === "within" && isObject(value)) return tellFields(`${path}.`, value);
    if (typeof part === "object" && typeof value === "string") {
      if (told.on.length < mostFields) told.on.push({ what: part.target, id: cut(value, longestId) });
    } else if (part === "why" && typeof value === "string") told.why = cut(value.trim(), longestAuditText);
    else if (part === "sql" && typeof value === "string") told.sql = cut(value, longestAuditSql);
    else if (part === "actionId" && typeof value === "string") told.actionId = cut(value, longestField);
    else if (told.given.length < mostGiven)
      told.given.push({
        field: cut(path, longestField),
        is: part === "copied" ? copied(value) : part === "domains" ? domains(value) : digest(value),
      });
    else untold += 1;
  };
  const tellFields = (start: string, object: object): void => {
    for (const [field, value] of Object.entries(object)) {
      const path = start + field;
      if (partOf(procedure, path) === undefined) unknown.push([path, value]);
      else tell(path, value);
    }
  };
  if (isObject(input)) tellFields("", input);
  // Last, so that nothing that somebody adds takes the place of what is known.
  for (const [path, value] of unknown) tell(path, value);
  const { given, ...others } = told;
  if (untold > 0) given.push({ field: "other fields", is: String(untold) });
  return given.length === 0 ? others : { ...others, given };
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function copied(value: unknown): string {
  if (typeof value === "string") return cut(value, longestAuditText);
  const isPlain = (one: unknown) => typeof one === "string" || typeof one === "number";
  if (Array.isArray(value) && value.every(isPlain)) return cut(value.join(", "), longestAuditText);
  return typeof value === "number" || typeof value === "boolean" ? String(value) : digest(value);
}

function domains(value: unknown): string {
  const addresses: unknown[] = Array.isArray(value) ? value : [];
  const told = addresses.map((each) =>
    typeof each === "string" ? /^[^@\s]+@([^@\s]+)$/.exec(each)?.[1] : undefined,
  );
  return told.length === 0 || told.includes(undefined)
    ? digest(value)
    : cut(`${addresses.length} at ${[...new Set(told)].join(", ")}`, longestAuditText);
}

/** Tells one value from another, and nobody what it is. */
function digest(value: unknown): string {
  const text = textOf(value);
  if (text === undefined) return "can't be told";
  const bytes = Buffer.byteLength(text);
  const hash = createHash("sha256").update(text).digest("base64url");
  return `${bytes === 1 ? "1 byte" : `${bytes} bytes`}, sha256:${hash}`;
}

/** What is nested too deeply, or too long, has none. */
function textOf(value: unknown): string | undefined {
  try {
    return typeof value === "string" ? value : JSON.stringify(value);
  } catch {
    return undefined;
  }
}

/** Never within a character, and what can't be written as UTF-8 is replaced. */
export function cut(text: string, units: number): string {
  const short = text.length <= units ? text : `${text.slice(0, units - 1).replace(/[\ud800-\udbff]$/, "")}…`;
  return short.toWellFormed();
}
