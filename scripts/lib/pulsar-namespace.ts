/** Makes a namespace of the tenant `public`, under a name that nobody has yet. @returns its name */
export async function newNamespace(pulsar: string, what: string): Promise<string> {
  const namespace = `${what}-${Date.now().toString(36)}`;
  const url = `${pulsar.replace(/^ws/, "http")}/admin/v2/namespaces/public/${namespace}`;
  const headers = { "content-type": "application/json" };
  // What these runs count, they count in history: it must not go with the first closed ledger.
  const body = JSON.stringify({ retention_policies: { retentionTimeInMinutes: -1, retentionSizeInMB: -1 } });
  const answer = await fetch(url, { method: "PUT", headers, body });
  if (!answer.ok)
    throw new Error(`The namespace ${namespace} can't be made: ${answer.status} ${await answer.text()}`);
  return namespace;
}

/** With its partitioned topics. */
export async function removeNamespace(
  pulsar: string,
  namespace: string,
  topics: readonly string[],
): Promise<void> {
  const admin = `${pulsar.replace(/^ws/, "http")}/admin/v2`;
  const paths = topics.map((topic) => `persistent/public/${namespace}/${topic}/partitions?force=true`);
  for (const path of [...paths, `namespaces/public/${namespace}`]) {
    const answer = await fetch(`${admin}/${path}`, { method: "DELETE" });
    if (!answer.ok)
      console.error(`${namespace} is left behind: ${answer.status} ${(await answer.text()).slice(0, 200)}`);
  }
}
