import { troubleSentence } from "@downbeat/domain";
import {
  type PartitionStatus,
  type ProjectionFeed,
  refusingSentence,
  signedUncheckedSentence,
} from "@downbeat/read-model";
import type { AuditTrouble } from "./audit/audit-writer.ts";
import { auditSentence } from "./audit/trouble-sentence.ts";
import type { FreshnessPart } from "./views.ts";

export interface PartsOfFreshness {
  readonly feed: Pick<ProjectionFeed, "freshness" | "status">;
  /** Workers that are there; `undefined` as long as nobody knows. */
  readonly workers: () => number | undefined;
  /** Absent where none is configured. `undefined` from it: it is there, as far as is known. */
  readonly pulsarSqlTrouble?: (() => string | undefined) | undefined;
  readonly auditTrouble: () => AuditTrouble | undefined;
}

/** How each part that a page depends on is doing, worst things said in whole sentences. */
export function createFreshnessParts({ feed, workers, pulsarSqlTrouble, auditTrouble }: PartsOfFreshness) {
  let hadWorkers = false;

  function workersPart(): FreshnessPart {
    const count = workers();
    hadWorkers ||= (count ?? 0) > 0;
    if (count === undefined) return { part: "workers", isLive: true, words: "not known yet" };
    if (count > 0) return { part: "workers", isLive: true, words: `${count} there` };
    // A product whose services only speak HTTP has none, and is well.
    if (!hadWorkers) return { part: "workers", isLive: true, words: "none has announced itself" };
    return { part: "workers", isLive: false, words: "None is there any more: jobs wait for one." };
  }

  return (): readonly FreshnessPart[] => {
    const { connected, partitions, caughtUp, writeSide, isSignedUnchecked } = feed.status();
    const { live, note, undecided = [], refusing = [], behind } = feed.freshness();
    const refused = refusingSentence(refusing);
    const trouble = troubleSentence(undecided, partitions);
    const parts: FreshnessPart[] = [
      connected
        ? { part: "log", isLive: refused === undefined, words: refused ?? "connected" }
        : { part: "log", isLive: false, words: note ?? "The server has no connection to the log." },
      decisions(connected && caughtUp && isKnown(writeSide), trouble),
      live
        ? { part: "readModel", isLive: true, words: "follows the log" }
        : { part: "readModel", isLive: false, words: note ?? `${behind} records are still to be read.` },
    ];
    if (pulsarSqlTrouble !== undefined) {
      const away = pulsarSqlTrouble();
      parts.push({ part: "pulsarSql", isLive: away === undefined, words: away ?? "answers" });
    }
    const unwritten = auditTrouble();
    if (unwritten !== undefined)
      parts.push({ part: "audit", isLive: false, words: auditSentence(unwritten) });
    if (isSignedUnchecked === true)
      parts.push({ part: "signatures", isLive: false, words: signedUncheckedSentence });
    return [...parts, workersPart()];
  };
}

function isKnown(writeSide: readonly PartitionStatus[]): boolean {
  return writeSide.length > 0 && writeSide.every(({ waiting }) => waiting !== undefined);
}

function decisions(isKnown: boolean, trouble: string | undefined): FreshnessPart {
  if (trouble !== undefined) return { part: "decisions", isLive: false, words: trouble };
  return { part: "decisions", isLive: true, words: isKnown ? "commands are decided" : "not known yet" };
}
