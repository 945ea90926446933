import { z } from "zod";
import * as f from "./fields.ts";

/** A reader takes entries up to its own format; of newer ones it says how many there are. */
const auditFormat = 1;

export const longestAuditText = 1_000;
export const longestAuditSql = 20_000;
const longestName = 200;
const most = 20;

const text = z.string().max(longestAuditText);

export const auditOutcomes = ["done", "refused", "failed", "undecided"] as const;

/** `refused`: by a rule, nothing was done. `failed`: it was tried. `undecided`: nobody can say yet; where it is about a run, its history says later. */
const auditOutcome = z.object({ is: z.enum(auditOutcomes), why: text.exactOptional() });

const auditEntry = z.object({
  format: z.literal(auditFormat),
  /** A later entry of the same id says what came of it. */
  id: z.string().min(1).max(100),
  /** Of the server, ms since the epoch. */
  at: f.time,
  who: z.object({
    /** `issuer|subject`; of somebody who isn't known, what they gave as their name, or nothing. */
    id: z.string().max(longestName),
    name: z.string().max(longestName),
  }),
  from: z
    .object({
      address: z.string().max(100).exactOptional(),
      /** What the client calls itself: it may call itself anything. */
      agent: z.string().max(longestName).exactOptional(),
    })
    .exactOptional(),
  /** `runs.cancel`, as the API calls it, or another word of the same form. */
  verb: z
    .string()
    .regex(/^[a-z][A-Za-z]*\.[a-z][A-Za-z]*$/)
    .max(100),
  /** What it was done to: `run`, `job`, `rule` and so on, with their ids. */
  on: z.array(z.object({ what: z.string().max(100), id: z.string().max(500) })).max(most),
  /** What else was asked for. Payloads are named by size and hash, never copied. */
  given: z
    .array(z.object({ field: z.string().max(100), is: text }))
    .max(most)
    .exactOptional(),
  /** The statement, where somebody asked SQL. */
  sql: z.string().max(longestAuditSql).exactOptional(),
  /** The reason that a person gave. */
  why: text.exactOptional(),
  /** By which history knows the action. */
  actionId: z.string().max(100).exactOptional(),
  outcome: auditOutcome,
  /** How often it happened within a minute, where more than once is told in one entry. */
  times: z.number().int().min(2).exactOptional(),
});

export type AuditOutcome = z.infer<typeof auditOutcome>;

/** Who did what, on what, from where, why, and what came of it. */
export type AuditEntry = z.infer<typeof auditEntry>;

export type AuditReading =
  | { readonly is: "entry"; readonly entry: AuditEntry }
  /** Written by a newer version. */
  | { readonly is: "newer" }
  | { readonly is: "unreadable" };

export function auditEntryOf(entry: Omit<AuditEntry, "format">): AuditEntry {
  return { format: auditFormat, ...entry };
}

/**
 * What readers take of an entry: all of it, or without the parts that don't fit.
 *
 * @throws ZodError where not even who, what and when fit
 */
export function readableAuditEntry(entry: AuditEntry): AuditEntry {
  if (auditEntry.safeParse(entry).success) return entry;
  const { format, id, at, verb, times } = entry;
  const fits = <Part extends "from" | "given" | "sql" | "why" | "actionId">(part: Part) =>
    auditEntry.shape[part].safeParse(entry[part]).success;
  return auditEntry.parse({
    format,
    id,
    at,
    verb,
    who: { id: short(entry.who.id), name: short(entry.who.name) },
    on: auditEntry.shape.on.safeParse(entry.on).data ?? [],
    ...(fits("from") && { from: entry.from }),
    given: fits("given") ? entry.given : [{ field: "request", is: "can't be told" }],
    ...(fits("sql") && { sql: entry.sql }),
    ...(fits("why") && { why: entry.why }),
    ...(fits("actionId") && { actionId: entry.actionId }),
    outcome: auditOutcome.safeParse(entry.outcome).data ?? { is: entry.outcome.is },
    ...(times !== undefined && { times }),
  });
}

function short(name: string): string {
  return name.slice(0, longestName).toWellFormed();
}

export function encodeAuditEntry(entry: AuditEntry): Uint8Array {
  return Buffer.from(JSON.stringify(entry));
}

export function readAuditEntry(bytes: Uint8Array): AuditReading {
  const value = parsed(bytes);
  const format = z.object({ format: z.number().int() }).safeParse(value).data?.format;
  if (format !== undefined && format > auditFormat) return { is: "newer" };
  const { data } = auditEntry.safeParse(value);
  return data === undefined ? { is: "unreadable" } : { is: "entry", entry: data };
}

function parsed(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("utf8"));
  } catch {
    return undefined;
  }
}
