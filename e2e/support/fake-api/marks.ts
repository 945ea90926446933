import type { AttentionList, CauseMark, CauseStanding, MarkCauseAnswer } from "@downbeat/api/views";

export interface FakeMark {
  readonly fingerprint: string;
  readonly version: number;
  readonly mutedUntil?: number | null | undefined;
  readonly note?: string | null | undefined;
  readonly ticket?: string | null | undefined;
  readonly resolved?: boolean | undefined;
}

type Group = AttentionList["groups"][number];

/** What is said of causes, by one person after the other. */
export class FakeMarks {
  readonly #marks = new Map<string, CauseMark>();

  /** Grows with each. */
  revision = 0;

  get all(): readonly CauseMark[] {
    return [...this.#marks.values()].filter(saysSomething);
  }

  of(fingerprint: string): CauseMark | undefined {
    return this.all.find((mark) => mark.fingerprint === fingerprint);
  }

  standing(fingerprint: string, lastSeen: number): CauseStanding {
    const { mutedUntil = 0, resolvedAt } = this.of(fingerprint) ?? {};
    if (mutedUntil > Date.now()) return "muted";
    if (resolvedAt === undefined) return "open";
    return lastSeen <= resolvedAt ? "resolved" : "cameBack";
  }

  mark({ fingerprint, version, resolved, ...said }: FakeMark, group: Group | undefined): MarkCauseAnswer {
    const before = this.#marks.get(fingerprint);
    if (before !== undefined && before.version !== version && (version !== 0 || saysSomething(before)))
      return { outcome: "conflict", mark: before };
    const part = <T>(given: T | null | undefined, old: T | undefined) => (given === undefined ? old : given);
    const mutedUntil = part(said.mutedUntil, before?.mutedUntil);
    const note = part(said.note, before?.note);
    const ticket = part(said.ticket, before?.ticket);
    const resolvedAt = resolved === undefined ? before?.resolvedAt : resolved ? Date.now() : undefined;
    const mark: CauseMark = {
      fingerprint,
      version: (before?.version ?? 0) + 1,
      by: "maria",
      at: Date.now(),
      about: before?.about ?? { title: group?.jobType ?? "Workflow code", message: group?.message ?? "" },
      ...(mutedUntil != null && { mutedUntil }),
      ...(note != null && { note }),
      ...(ticket != null && { ticket }),
      ...(resolvedAt !== undefined && { resolvedAt }),
    };
    this.#marks.set(fingerprint, mark);
    this.revision++;
    return { outcome: "marked", mark };
  }
}

function saysSomething({ mutedUntil = 0, note, ticket, resolvedAt }: CauseMark): boolean {
  return mutedUntil > Date.now() || [note, ticket, resolvedAt].some((part) => part !== undefined);
}
