import { type AuditTrouble, auditSentence } from "@downbeat/api";
import { troubleSentence } from "@downbeat/domain";
import type { NamespaceName } from "@downbeat/protocol";
import { type ProjectionFeed, refusingSentence, signedUncheckedSentence } from "@downbeat/read-model";
import type { ServedNamespace } from "../namespaces/served-namespace.ts";

interface NamespaceReadiness extends NamespaceName {
  readonly ready: boolean;
  readonly checks: readonly Check[];
}

interface Check {
  readonly name: string;
  readonly ok: boolean;
  readonly reason?: string;
  /** Something is missing without it, and everything else works. */
  readonly optional?: true;
}

export interface Readiness {
  /** Whether one namespace at least is: one that is not must not keep people from the others. */
  readonly ready: boolean;
  readonly namespaces: readonly NamespaceReadiness[];
}

type ShownNamespace = Pick<ServedNamespace, "tenant" | "namespace" | "trouble" | "pulsarSql"> & {
  readonly audit?: { readonly trouble: AuditTrouble | undefined } | undefined;
  readonly feed: Pick<ProjectionFeed, "status" | "freshness"> | undefined;
};

/** `reads`: whether answers are worth asking for. `all`: also whether somebody decides what is sent. */
export type ReadinessScope = "all" | "reads";

export function readiness(namespaces: readonly ShownNamespace[], scope: ReadinessScope): Readiness {
  const each = namespaces.map((served) => namespaceReadiness(served, scope));
  return { ready: each.some(({ ready }) => ready), namespaces: each };
}

/** Ready: the log is connected, the read model has been at its end, and no partition has commands that nobody decides. */
function namespaceReadiness(served: ShownNamespace, scope: ReadinessScope): NamespaceReadiness {
  const { tenant, namespace, feed, pulsarSql, audit } = served;
  const checks = feed === undefined ? [check("readModel", false, served.trouble)] : checksOf(feed);
  const needed = checks.filter(({ optional }) => optional !== true);
  const counted = scope === "all" ? needed : needed.filter(({ name }) => name !== "decisions");
  const optional = pulsarSql === undefined ? [] : [pulsarSqlCheck(pulsarSql.trouble)];
  if (audit?.trouble !== undefined) optional.push(auditCheck(audit.trouble));
  return { tenant, namespace, ready: counted.every(({ ok }) => ok), checks: [...checks, ...optional] };
}

function checksOf(feed: NonNullable<ShownNamespace["feed"]>): readonly Check[] {
  const { connected, caughtUp, partitions, leftOut, isSignedUnchecked } = feed.status();
  const { note, undecided = [], refusing = [] } = feed.freshness();
  return [
    check("log", connected, note ?? "no connection to the log"),
    check("readModel", caughtUp, note ?? "history is being read"),
    // Who doesn't read knows nothing of what others decide.
    ...(connected && caughtUp
      ? [check("decisions", undecided.length === 0, troubleSentence(undecided, partitions) ?? "")]
      : []),
    ...(refusing.length > 0 ? [topicsCheck(refusingSentence(refusing) ?? "")] : []),
    ...(leftOut > 0 ? [historyCheck(leftOut)] : []),
    ...(isSignedUnchecked === true ? [signaturesCheck] : []),
  ];
}

function topicsCheck(reason: string): Check {
  return { name: "topics", ok: false, reason, optional: true };
}

/** Everything works, and forged records are believed. */
const signaturesCheck: Check = {
  name: "signatures",
  ok: false,
  reason: signedUncheckedSentence,
  optional: true,
};

/** What it can't show stays so; everything else is shown. */
function historyCheck(leftOut: number): Check {
  const what = leftOut === 1 ? "1 record" : `${leftOut} records`;
  const reason = `${what} of history can't be used, or what was read is gone from the log: the Quarantine page and downbeat quarantine list say what is missing.`;
  return { name: "history", ok: false, reason, optional: true };
}

function check(name: string, ok: boolean, reason: string): Check {
  return ok ? { name, ok } : { name, ok, reason };
}

function auditCheck(trouble: AuditTrouble): Check {
  return { ...check("audit", false, auditSentence(trouble)), optional: true };
}

function pulsarSqlCheck(trouble: string | undefined): Check {
  const reason = `${trouble} Until it is there, what has left the hot window and queries to all of history are missing; everything else works.`;
  return { ...check("pulsarSql", trouble === undefined, reason), optional: true };
}
