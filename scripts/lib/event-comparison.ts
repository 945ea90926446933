/** Where an event is, and what it says. */
export interface ComparedEvent {
  readonly runId: string;
  readonly seq: number;
  readonly type: string;
  /** ms since the epoch */
  readonly at: number;
  /** All of it as text, the same for the same event. */
  readonly text: string;
}

export interface EventComparison {
  readonly onPages: number;
  readonly inSql: number;
  readonly missingInSql: number;
  readonly missingOnPages: number;
  readonly doubleInSql: number;
  readonly doubleOnPages: number;
  readonly different: number;
  /** The last that either side holds. */
  readonly newest: { readonly runId: string; readonly seq: number; readonly type: string } | undefined;
  /** One sentence for each of the first of them. */
  readonly examples: readonly string[];
}

const mostExamples = 20;

/** Event by event: what only one side holds, what a side holds twice, and what both hold and tell differently. */
export function compareEvents(
  onPages: Iterable<ComparedEvent>,
  inSql: Iterable<ComparedEvent>,
): EventComparison {
  const pages = byPlace(onPages);
  const sql = byPlace(inSql);
  const examples: string[] = [];
  const say = (sentence: string): void => void (examples.length < mostExamples && examples.push(sentence));
  let [missingInSql, missingOnPages, different] = [0, 0, 0];
  for (const [place, page] of pages.events) {
    const row = sql.events.get(place);
    if (row === undefined) {
      missingInSql++;
      say(`${place} (${page.type}) is on the run's page and not in Pulsar SQL.`);
    } else if (row.text !== page.text) {
      different++;
      say(`${place} is ${page.text} on the run's page and ${row.text} in Pulsar SQL.`);
    }
  }
  for (const [place, row] of sql.events) {
    if (pages.events.has(place)) continue;
    missingOnPages++;
    say(`${place} (${row.type}) is in Pulsar SQL and not on the run's page.`);
  }
  for (const place of sql.doubles) say(`${place} is in Pulsar SQL more than once.`);
  for (const place of pages.doubles) say(`${place} is on the run's page more than once.`);
  return {
    onPages: pages.count,
    inSql: sql.count,
    missingInSql,
    missingOnPages,
    doubleInSql: sql.doubles.length,
    doubleOnPages: pages.doubles.length,
    different,
    newest: newestOf([...pages.events.values(), ...sql.events.values()]),
    examples,
  };
}

function newestOf(events: readonly ComparedEvent[]): EventComparison["newest"] {
  let newest: ComparedEvent | undefined;
  for (const event of events) {
    const isNewer = newest === undefined || event.at > newest.at;
    if (isNewer || (event.runId === newest?.runId && event.at === newest.at && event.seq > newest.seq))
      newest = event;
  }
  return newest === undefined ? undefined : { runId: newest.runId, seq: newest.seq, type: newest.type };
}

export function isSame(comparison: EventComparison): boolean {
  const { missingInSql, missingOnPages, doubleInSql, doubleOnPages, different } = comparison;
  return missingInSql + missingOnPages + doubleInSql + doubleOnPages + different === 0;
}

/** JSON with the fields of each object in one order, and without those that are not there. */
export function canonical(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) =>
    typeof part === "object" && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}

interface ByPlace {
  readonly count: number;
  readonly events: ReadonlyMap<string, ComparedEvent>;
  readonly doubles: readonly string[];
}

function byPlace(given: Iterable<ComparedEvent>): ByPlace {
  const events = new Map<string, ComparedEvent>();
  const doubles: string[] = [];
  let count = 0;
  for (const event of given) {
    count++;
    const place = `Run ${event.runId} event ${event.seq}`;
    if (events.has(place)) doubles.push(place);
    else events.set(place, event);
  }
  return { count, events, doubles };
}
