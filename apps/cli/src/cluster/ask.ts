import { LogError } from "@downbeat/message-log";
import { CommandFailure } from "../failure.ts";
import { type Cluster, type ClusterOptions, cluster, DestinationError, NoBrokerError } from "../wiring.ts";

/** Asks a cluster; what goes wrong becomes a sentence. */
export async function askCluster<T>(
  options: ClusterOptions,
  question: (cluster: Cluster) => Promise<T>,
): Promise<T> {
  const asked = openedCluster(options);
  try {
    return await question(asked);
  } catch (error) {
    throw error instanceof LogError ? failureOf(error, options) : error;
  } finally {
    asked.close();
  }
}

/** @throws CommandFailure when the certificate's file holds none */
export function openedCluster(options: ClusterOptions): Cluster {
  try {
    return cluster(options);
  } catch (error) {
    throw error instanceof Error ? new CommandFailure("usage", error.message) : error;
  }
}

function failureOf(error: LogError, { adminUrl }: ClusterOptions): CommandFailure {
  const { code, message } = error;
  if (error instanceof NoBrokerError)
    return new CommandFailure("unreachable", `${message} Say where it is with --pulsar-admin.`);
  if (error instanceof DestinationError) return new CommandFailure("usage", message);
  switch (code) {
    case "unavailable":
    case "missing":
      return new CommandFailure(
        "unreachable",
        `The Pulsar admin service at ${adminUrl} can't be used: ${message} Say where it is with --pulsar-admin.`,
      );
    case "unauthorized":
      return new CommandFailure("refused", message);
    default:
      return new CommandFailure("failed", message);
  }
}
