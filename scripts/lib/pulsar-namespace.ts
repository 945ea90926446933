import { z } from "zod";

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

/** With all of its topics. What can't be removed is left behind, and told. */
export async function removeNamespace(pulsar: string, namespace: string): Promise<void> {
  const admin = `${pulsar.replace(/^ws/, "http")}/admin/v2`;
  const at = `persistent/public/${namespace}`;
  const list = async (path: string): Promise<string[]> => {
    const answer = await fetch(`${admin}/${path}`);
    const names = answer.ok ? z.array(z.string()).parse(await answer.json()) : [];
    return names
      .map((name) => name.slice(name.lastIndexOf("/") + 1))
      .filter((name) => !name.startsWith("__"));
  };
  const remove = async (path: string): Promise<void> => {
    const answer = await fetch(`${admin}/${path}`, { method: "DELETE" });
    // The broker itself removes some of them.
    if (!answer.ok && answer.status !== 404)
      console.error(`${path} is left behind: ${answer.status} ${(await answer.text()).slice(0, 200)}`);
  };
  for (const topic of await list(`${at}/partitioned`)) await remove(`${at}/${topic}/partitions?force=true`);
  for (const topic of await list(at)) await remove(`${at}/${topic}?force=true`);
  await remove(`namespaces/public/${namespace}`);
}
