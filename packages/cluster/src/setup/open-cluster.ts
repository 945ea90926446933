import { type PulsarOptions, readTlsFiles, type SignInOptions, signInOptions } from "@downbeat/pulsar/admin";
import { Cluster } from "./cluster.ts";

export type ClusterAddress = SignInOptions & Pick<PulsarOptions, "serviceUrl" | "adminUrl" | "onNotice">;

/**
 * Connects lazily.
 *
 * @throws Error that names a certificate's or key's file when it can't be used
 */
export function openCluster(address: ClusterAddress): Cluster {
  const { serviceUrl, adminUrl = serviceUrl.replace(/^ws/, "http"), onNotice } = address;
  readTlsFiles(address);
  return new Cluster({ ...signInOptions(address), url: adminUrl }, onNotice);
}
