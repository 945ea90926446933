import { z } from "zod";
import type { Check, Finding } from "./finding.ts";

const withinMs = 15_000;
const page = z.object({
  nextUri: z.string().optional(),
  data: z.array(z.array(z.unknown())).optional(),
  error: z.object({ message: z.string() }).optional(),
});

/** That Pulsar SQL answers, has the catalogue `pulsar`, and sees the namespace through it. */
export const pulsarSqlAnswers: Check = async ({ pulsarSql, path }) => {
  if (pulsarSql === undefined) return [];
  const finding = (id: string, found: string, mend: string): Finding[] => [
    {
      id,
      severity: "error",
      found,
      means: "history older than the hot window and the analytics page are not there",
      mend,
    },
  ];
  try {
    const catalogs = await ask(pulsarSql, "SHOW CATALOGS");
    if (!catalogs.includes("pulsar"))
      return finding(
        "sql-catalogue-missing",
        `${pulsarSql} has no catalogue pulsar (it has ${catalogs.join(", ")})`,
        "install the Pulsar connector: docs/pulsar.md has its settings",
      );
    const schemas = await ask(pulsarSql, "SHOW SCHEMAS FROM pulsar");
    if (schemas.includes(path)) return [];
    return finding(
      "sql-namespace-missing",
      `Pulsar SQL does not know ${path}`,
      "its connector must be set to this cluster: pulsar.web-service-url and pulsar.metadata-url",
    );
  } catch (error) {
    return finding(
      "sql-unreachable",
      `Pulsar SQL at ${pulsarSql} does not answer (${error instanceof Error ? error.message : String(error)})`,
      "start it, or say where it is with --pulsar-sql",
    );
  }
};

async function ask(url: string, query: string): Promise<string[]> {
  const signal = AbortSignal.timeout(withinMs);
  const values: string[] = [];
  const headers = { "x-trino-user": "downbeat" };
  let answer = await fetch(new URL("/v1/statement", url), { method: "POST", body: query, headers, signal });
  for (;;) {
    const text = await answer.text();
    if (!answer.ok) throw new Error(`it answered ${answer.status}`);
    const { nextUri, data = [], error } = page.parse(JSON.parse(text));
    if (error !== undefined) throw new Error(error.message);
    values.push(...data.map(([value]) => String(value)));
    if (nextUri === undefined) return values;
    const next = new URL(nextUri);
    if (next.host !== new URL(url).host) throw new Error(`it sends us on to ${next.host}`);
    answer = await fetch(next, { headers, signal });
  }
}
