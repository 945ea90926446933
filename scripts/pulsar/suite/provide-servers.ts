import type { TestProject } from "vitest/node";
import "../../../packages/pulsar/test/provided.ts";
import { type SuiteServers, serversOf, startServers } from "./servers.ts";

/** The servers that `npm run test:pulsar` has started for all suites; of its own when Vitest is run by itself. */
export default async function provideServers(project: TestProject): Promise<() => Promise<void>> {
  const given = serversOf(process.env);
  if (given !== undefined) {
    provide(project, given);
    return async () => {};
  }
  const servers = await startServers();
  provide(project, servers);
  return async () => {
    await servers[Symbol.asyncDispose]();
  };
}

function provide(project: TestProject, servers: SuiteServers): void {
  project.provide("pulsar", servers.pulsar);
  project.provide("pulsarBroker", servers.pulsarBroker);
  project.provide("pulsarSql", servers.pulsarSql);
  project.provide("pulsarProcesses", servers.pulsarProcesses);
}
