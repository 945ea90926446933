import type {
  AdHocQuery,
  Asked,
  ColdAnswer,
  ColdHistory,
  ResultSchema,
  ResultTable,
} from "@downbeat/cold-history";
import type { Analytics, AnalyticsAbout } from "./analytics.ts";
import { trinoExamples } from "./trino-examples.ts";

/** People's queries to everything that the log keeps. Cold history reads only, and takes turns. */
export class ColdAnalytics implements Analytics {
  readonly about: AnalyticsAbout;
  readonly #cold: ColdHistory;

  constructor(cold: ColdHistory) {
    this.#cold = cold;
    this.about = {
      id: "pulsarSql",
      name: cold.source,
      dialect: "Trino",
      reach:
        "Everything that the log keeps, offloaded segments included, but the newest second or two. These are the log’s records as they are: events are inside decisions, times are ms since 1970, and the few records of replaced owners, which do not count, are among them.",
      examples: trinoExamples,
    };
  }

  async query(query: AdHocQuery, asked: Asked): Promise<ColdAnswer<ResultTable>> {
    const { note, ...answer } = await this.#cold.query(query, asked);
    // That there are more rows is in the table itself.
    return { ...answer, ...(note !== undefined && !answer.value.isCut && { note }) };
  }

  schema(asked: Asked): Promise<ColdAnswer<ResultSchema>> {
    return this.#cold.schema(asked);
  }

  close(): Promise<void> {
    return this.#cold.close();
  }
}
