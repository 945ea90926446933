import { type PulsarOptions, readCertificate } from "@downbeat/pulsar/admin";
import { Cluster } from "./cluster.ts";

export type ClusterAddress = Pick<
  PulsarOptions,
  "serviceUrl" | "adminUrl" | "token" | "tokenFile" | "caFile" | "onNotice"
>;

/**
 * Connects lazily.
 *
 * @throws Error that names the certificate's file when it can't be read
 */
export function openCluster(address: ClusterAddress): Cluster {
  const { serviceUrl, adminUrl = serviceUrl.replace(/^ws/, "http"), token, tokenFile, onNotice } = address;
  const ca = readCertificate(address);
  const options = {
    url: adminUrl,
    ...(token !== undefined && { token }),
    ...(tokenFile !== undefined && { tokenFile }),
    ...(ca !== undefined && { ca }),
  };
  return new Cluster(options, onNotice);
}
