import { LogError } from "@downbeat/message-log";
import type { NamespaceName } from "@downbeat/protocol";
import { openedCluster } from "../cluster/ask.ts";
import { signInOf } from "../cluster/sign-in.ts";
import { checkedToken } from "../cluster/token.ts";
import { setupLine } from "../setup/line.ts";
import { type Cluster, NoBrokerError, prepare } from "../wiring.ts";
import { inheritedEnv } from "./env.ts";
import type { LogOfStart } from "./log-of.ts";
import type { StartOptions } from "./start.ts";

/**
 * Connects lazily.
 *
 * @throws CommandFailure when the token is none, or the certificate's file holds none
 */
export function clusterOf(log: LogOfStart, options: StartOptions): Cluster {
  const { DOWNBEAT_PULSAR_TOKEN: token } = inheritedEnv();
  return openedCluster({
    serviceUrl: log.url,
    adminUrl: log.adminUrl ?? log.url.replace(/^ws/, "http"),
    ...signInOf(options, token === undefined || token === "" ? undefined : checkedToken(token)),
  });
}

/**
 * Sets the namespace up where that was never done, so that a fresh broker needs no other command. One that is not there yet is left to the engine,
 * which waits for it.
 *
 * @throws NotSetUpError with a sentence that says what to do, and CommandFailure as `clusterOf`
 */
export async function prepareCluster(
  log: LogOfStart,
  { tenant, namespace }: NamespaceName,
  options: StartOptions,
  say: (line: string) => void,
): Promise<void> {
  const asked = clusterOf(log, options);
  try {
    await prepare(
      asked,
      { tenant, namespace },
      {
        onMissing: () => say(`${tenant}/${namespace} is not set up for Downbeat yet; it is done now:`),
        onLine: (line) => say(`  ${setupLine(line)}`),
      },
    );
  } catch (error) {
    // Another engine's embedded log needs no set-up.
    if (error instanceof NoBrokerError) return;
    if (!(error instanceof LogError) || error.code !== "unavailable") throw error;
    say(`No Pulsar broker answers at ${asked.url} (${error.message}) Downbeat waits for it…`);
  } finally {
    asked.close();
  }
}
