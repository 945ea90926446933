import { type AuditEntry, type AuditOutcome, longestAuditText } from "@downbeat/protocol";
import type { TRPCError } from "@trpc/server";
import type { Context } from "../context.ts";
import { askedOf, cut } from "./asked-of.ts";
import { lastUpdate, outcomeOf, outcomeOfError } from "./outcome-of.ts";

type Asker = Pick<Context, "actor" | "signedIn" | "from" | "audit">;

/** What somebody asks for, before anything has come of it. */
export function entryOfRequest(asker: Asker, procedure: string, input: unknown): AuditEntry {
  const { audit, from } = asker;
  return audit.entryOf({
    who: whoOf(asker),
    ...(from !== undefined && { from }),
    verb: procedure,
    ...toldOf(procedure, input),
    outcome: { is: "undecided" },
  });
}

/** Whatever comes, the request is decided by those who decide it: it never fails on being told of. */
function toldOf(procedure: string, input: unknown): ReturnType<typeof askedOf> {
  try {
    return askedOf(procedure, input);
  } catch {
    return { on: [], given: [{ field: "request", is: "can't be told" }] };
  }
}

export function whoOf({ actor, signedIn }: Pick<Asker, "actor" | "signedIn">): AuditEntry["who"] {
  const { id, name } = signedIn ?? { id: actor, name: actor };
  return { id, name };
}

/** A refusal can be had as often as somebody likes. */
function noteRefusal({ audit }: Pick<Asker, "audit">, entry: AuditEntry): void {
  const { who, verb, outcome } = entry;
  audit.noteOften([who.id, verb, outcome.why].join("\n"), entry);
}

export function noteFailure(asker: Asker, entry: AuditEntry, error: TRPCError): void {
  const outcome = outcomeOfError(error);
  if (outcome.is === "refused") noteRefusal(asker, { ...entry, outcome });
  else asker.audit.note({ ...entry, outcome });
}

export function noteAnswer({ audit }: Pick<Asker, "audit">, entry: AuditEntry, data: unknown): void {
  audit.note({ ...entry, outcome: outcomeOf(data) });
}

/** The same updates; what the last one says is noted, or that nobody waited for it. */
export async function* notedStream(
  { audit }: Pick<Asker, "audit">,
  entry: AuditEntry,
  updates: AsyncIterable<unknown>,
): AsyncGenerator<unknown, void, void> {
  let outcome: AuditOutcome = { is: "failed", why: "Whoever asked was gone before the answer." };
  let given = entry.given ?? [];
  try {
    for await (const update of updates) {
      const last = lastUpdate.safeParse(update).data;
      if (last?.type === "refused") outcome = outcomeOf({ outcome: last });
      if (last?.type === "answer") {
        outcome = { is: "done" };
        given = [...given, { field: "rows", is: String(last.answer.rows.length) }];
      }
      if (last?.type === "end") {
        outcome =
          last.cut === undefined ? { is: "done" } : { is: "failed", why: cut(last.cut, longestAuditText) };
        given = [...given, { field: "rows", is: String(last.rows) }];
      }
      yield update;
    }
  } catch (error) {
    outcome = { is: "failed", why: "The server failed on it; its log says more." };
    throw error;
  } finally {
    audit.note({ ...entry, ...(given.length > 0 && { given }), outcome });
  }
}
