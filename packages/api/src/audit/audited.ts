import { type AuditEntry, type AuditOutcome, longestAuditText } from "@downbeat/protocol";
import type { TRPCError } from "@trpc/server";
import { ApiError } from "../api-error.ts";
import type { Context } from "../context.ts";
import { askedOf, cut } from "./asked-of.ts";
import { hasChangedNothing, lastUpdate, outcomeOf, outcomeOfError } from "./outcome-of.ts";

type Asker = Pick<Context, "actor" | "signedIn" | "from" | "audit">;

/** What somebody asks for, before anything has come of it. */
function entryOfRequest(asker: Asker, procedure: string, input: unknown): AuditEntry {
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

/** One request, with what the audit has of it so far. */
export class AuditedRequest {
  readonly #asker: Asker;
  readonly #entry: AuditEntry;
  /** The log has it, or will: what came of it is said in an entry of the same id. */
  #isFirst = false;
  #isTold = false;

  constructor(asker: Asker, procedure: string, input: unknown) {
    this.#asker = asker;
    this.#entry = entryOfRequest(asker, procedure, input);
  }

  /** @throws ApiError where the log doesn't take it: then nothing else may happen either */
  async writeFirst(): Promise<void> {
    const came = await this.#asker.audit.noteFirst(this.#entry);
    this.#isFirst = came !== "away";
    if (came === "written") return;
    const why = "The audit can't be written just now, and nothing else would tell of this: it was not done.";
    this.#tell({ is: "refused", why }, "unavailable");
    throw new ApiError("unavailable", `${why} Try again in a moment.`);
  }

  failed(error: TRPCError): void {
    if (!this.#isTold) this.#tell(outcomeOfError(error), error.code);
  }

  answered(data: unknown): void {
    this.#tell(outcomeOf(data), hasChangedNothing(data) ? "nothing" : undefined);
  }

  /** The same updates; what the last one says is noted, or that nobody waited for it. */
  async *streamed(updates: AsyncIterable<unknown>): AsyncGenerator<unknown, void, void> {
    let outcome: AuditOutcome = { is: "failed", why: "The caller was gone before the answer." };
    let given = this.#entry.given ?? [];
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
      if (error instanceof ApiError)
        outcome = {
          is: error.code === "unavailable" ? "failed" : "refused",
          why: cut(error.message, longestAuditText),
        };
      throw error;
    } finally {
      this.#asker.audit.note({ ...this.#entry, ...(given.length > 0 && { given }), outcome });
    }
  }

  /** What was refused, has changed nothing or fails as the log is away can be had as often as somebody likes. */
  #tell(outcome: AuditOutcome, kind?: string): void {
    this.#isTold = true;
    const { audit } = this.#asker;
    const entry = { ...this.#entry, outcome };
    const isAway = outcome.is === "failed" && audit.trouble !== undefined;
    const isRepeatable = outcome.is === "refused" || kind === "nothing" || isAway;
    if (this.#isFirst || !isRepeatable) return audit.note(entry);
    audit.noteOften({ budget: entry.who.id, what: `${entry.verb} ${kind ?? outcome.is}` }, entry);
  }
}
