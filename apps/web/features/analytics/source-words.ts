import type { AnalyticsAbout } from "@downbeat/api/views";

interface SourceWords {
  readonly name: string;
  readonly dialect: AnalyticsAbout["dialect"];
}

const known: ReadonlyMap<string, SourceWords> = new Map<AnalyticsAbout["id"], SourceWords>([
  ["readModel", { name: "the read model", dialect: "SQLite" }],
  ["pulsarSql", { name: "Pulsar SQL", dialect: "Trino" }],
]);

/** Of a source that this server need not have: of a saved query's. */
export function sourceWords(id: string): { readonly name: string; readonly dialect: string } {
  return known.get(id) ?? { name: id, dialect: id };
}
