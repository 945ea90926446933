import type { QuarantineEntries, QuarantineRemedies } from "@downbeat/api/views";
import type { Api } from "../api/client.ts";
import { CommandFailure } from "../failure.ts";

/** The entry that `quarantine list` names so. @throws CommandFailure */
export async function findEntry(
  api: Api,
  id: string,
): Promise<QuarantineRemedies & { readonly text?: string }> {
  for (let cursor: string | undefined; ; ) {
    const page: QuarantineEntries = await api.quarantine.list.query({
      limit: 500,
      ...(cursor !== undefined && { cursor }),
    });
    const found = [...page.messages, ...page.refused, ...page.leftOut].find(({ entry }) => entry === id);
    if (found !== undefined) return found;
    if (page.cursor === undefined) break;
    cursor = page.cursor;
  }
  throw new CommandFailure("notFound", `The quarantine has no entry ${id}: quarantine list names them.`);
}

export function conflict(by: string): CommandFailure {
  return new CommandFailure("refused", `${by} was quicker: look at the entry again. Nothing was done.`);
}
