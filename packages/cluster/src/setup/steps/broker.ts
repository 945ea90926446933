import { LogError } from "@downbeat/message-log";
import { z } from "zod";
import type { Cluster } from "../cluster.ts";

/** What answers is something else, such as an embedded log or a web page. */
export class NoBrokerError extends LogError {
  constructor(url: string) {
    super(
      "invalid",
      `What answers at ${url} is not the admin service of a Pulsar broker. (Downbeat's embedded log needs no set-up.)`,
    );
  }
}

/**
 * The version of the broker, such as `4.0.8`.
 *
 * @throws NoBrokerError
 */
export async function brokerVersion(cluster: Cluster): Promise<string> {
  const version = await cluster.read("brokers/version", z.unknown());
  // A version such as 5.0 would be read as a number.
  const text = typeof version === "number" ? String(version) : version;
  if (typeof text === "string" && /^\d+\.\d+/.test(text)) return text.trim();
  throw new NoBrokerError(cluster.url);
}
