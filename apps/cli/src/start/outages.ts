import { setTimeout } from "node:timers/promises";
import { z } from "zod";

/** What `/readyz` says, whatever its status. */
const readinessShape = z.object({
  namespaces: z.array(
    z.object({
      tenant: z.string(),
      namespace: z.string(),
      checks: z.array(
        z.object({
          name: z.string(),
          ok: z.boolean(),
          reason: z.string().optional(),
          optional: z.boolean().optional(),
        }),
      ),
    }),
  ),
});
type Readiness = z.infer<typeof readinessShape>;
type Check = Readiness["namespaces"][number]["checks"][number];

const words: Readonly<Record<string, string>> = {
  pulsarSql: "Pulsar SQL",
  history: "all of history",
  topics: "every topic",
  audit: "the audit",
  signatures: "checking of signatures",
};

/** A look that finds trouble may have come in a short interruption; two in a row have not. */
const looks = 2;

/** Tells of namespaces that can't be shown any more, once with why, and once when they are back. */
export class Outages {
  readonly #say: (line: string) => void;
  readonly #seen = new Map<string, number>();

  constructor(say: (line: string) => void) {
    this.#say = say;
  }

  take({ namespaces }: Readiness): void {
    for (const { tenant, namespace, checks } of namespaces) {
      const name = `${tenant}/${namespace}`;
      const needed = checks.filter(({ optional }) => optional !== true);
      this.#look(name, "all", needed);
      // Each by itself: it may be away for weeks.
      for (const check of checks)
        if (check.optional === true) this.#look(name, words[check.name] ?? check.name, [check]);
    }
  }

  #look(name: string, what: string, checks: readonly Check[]): void {
    const key = `${name} ${what}`;
    const trouble = checks.find(({ ok }) => !ok);
    const before = this.#seen.get(key) ?? 0;
    if (trouble === undefined) {
      this.#seen.delete(key);
      if (before >= looks) this.#say(`${name}: ${what} is there again.`);
      return;
    }
    this.#seen.set(key, before + 1);
    if (before + 1 === looks) this.#say(`${name}: ${trouble.reason ?? `${trouble.name} is not ready`}`);
  }
}

const everyMs = 2_500;

/** Looks at the server again and again; one that does not answer is the supervisor's to tell of. */
export async function watchReadiness(
  ask: () => Promise<{ readonly body: string }>,
  say: (line: string) => void,
  signal: AbortSignal,
): Promise<void> {
  const outages = new Outages(say);
  while (!signal.aborted) {
    await ask()
      .then(({ body }) => outages.take(readinessShape.parse(JSON.parse(body))))
      .catch(() => {});
    await setTimeout(everyMs, undefined, { signal }).catch(() => {});
  }
}
