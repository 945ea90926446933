import { onTestFinished } from "vitest";
import { inProcessDecisions, type ThreadedOptions, threadedDecisions } from "../index.ts";
import { decisionServiceContract } from "./decision-service-contract.ts";
import { workflows } from "./hosted-workflows.ts";

const threaded = (options: ThreadedOptions) => () => {
  const decisions = threadedDecisions(workflows, options);
  onTestFinished(() => decisions.close());
  return decisions;
};

decisionServiceContract("decisions in process", () => inProcessDecisions(workflows));
decisionServiceContract("decisions in process without room for live runs", () =>
  inProcessDecisions(workflows, { maxCachedRuns: 0 }),
);
decisionServiceContract("decisions in a thread", threaded({}));
decisionServiceContract("decisions in two threads", threaded({ threads: 2 }));
decisionServiceContract("decisions in a thread without room for live runs", threaded({ maxCachedRuns: 0 }));
decisionServiceContract("decisions in threads that are not wanted", threaded({ isolation: "none" }));
