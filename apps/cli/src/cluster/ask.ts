import { LogError } from "@downbeat/message-log";
import { CommandFailure } from "../failure.ts";
import { type Cluster, type ClusterOptions, cluster } from "../wiring.ts";

/** Asks a cluster; what goes wrong becomes a sentence. */
export async function askCluster<T>(
  options: ClusterOptions,
  question: (cluster: Cluster) => Promise<T>,
): Promise<T> {
  const asked = cluster(options);
  try {
    return await question(asked);
  } catch (error) {
    throw error instanceof LogError ? failureOf(error, options) : error;
  } finally {
    asked.close();
  }
}

function failureOf(
  { code, message }: LogError,
  { adminUrl, token, tokenFile }: ClusterOptions,
): CommandFailure {
  switch (code) {
    case "unavailable":
    case "missing":
      return new CommandFailure(
        "unreachable",
        `The Pulsar admin service at ${adminUrl} can't be used: ${message} Say where it is with --pulsar-admin.`,
      );
    case "unauthorized":
      return new CommandFailure(
        "refused",
        `${message} ${(token ?? tokenFile) === undefined ? "Give a token" : "Give another token, one"} that may do this with --pulsar-token-file or DOWNBEAT_PULSAR_TOKEN.`,
      );
    default:
      return new CommandFailure("failed", message);
  }
}
