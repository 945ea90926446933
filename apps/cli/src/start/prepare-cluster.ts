import { LogError } from "@downbeat/message-log";
import type { NamespaceName } from "@downbeat/protocol";
import { openedCluster } from "../cluster/ask.ts";
import { setupLine } from "../setup/line.ts";
import { NoBrokerError, prepare } from "../wiring.ts";
import { inheritedEnv } from "./env.ts";
import type { LogOfStart } from "./log-of.ts";
import type { StartOptions } from "./start.ts";

/**
 * Sets the namespace up where that was never done, so that a fresh broker needs no other command. One that is not there yet is left to the engine,
 * which waits for it.
 *
 * @throws NotSetUpError with a sentence that says what to do, and CommandFailure when the certificate's file holds none
 */
export async function prepareCluster(
  log: LogOfStart,
  { tenant, namespace }: NamespaceName,
  { pulsarTokenFile, pulsarCa }: StartOptions,
  say: (line: string) => void,
): Promise<void> {
  const adminUrl = log.adminUrl ?? log.url.replace(/^ws/, "http");
  const { DOWNBEAT_PULSAR_TOKEN: token } = inheritedEnv();
  const asked = openedCluster({
    serviceUrl: log.url,
    adminUrl,
    ...(token !== undefined && token !== "" && { token }),
    ...(pulsarTokenFile !== undefined && { tokenFile: pulsarTokenFile }),
    ...(pulsarCa !== undefined && { caFile: pulsarCa }),
  });
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
    say(`No Pulsar broker answers at ${adminUrl} (${error.message}) Downbeat waits for it…`);
  } finally {
    asked.close();
  }
}
