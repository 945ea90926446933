import { createHash } from "node:crypto";
import { ApiError } from "../api-error.ts";
import type { Context } from "../context.ts";
import type { QuarantineList } from "../views.ts";

/** One of the quarantine's three kinds, as the read model has it. */
export type QuarantineEntry =
  | { readonly kind: "message"; readonly of: QuarantineList["messages"][number] }
  | { readonly kind: "refused"; readonly of: QuarantineList["refused"][number] }
  | { readonly kind: "leftOut"; readonly of: QuarantineList["leftOut"][number] };

/**
 * From what it holds: the same on every server, after a rebuild, and in a region that the log is copied to. Two that are equal in all are one, and so is a message
 * that two engines set aside, one after the other.
 */
export function entryId({ kind, of }: QuarantineEntry): string {
  const parts =
    kind === "message"
      ? [of.topic, of.position, of.reason, of.text, ...(of.position === "" ? [of.at] : [])]
      : kind === "refused"
        ? [of.runId, of.inputId]
        : [of.topic, of.position];
  return createHash("sha256")
    .update(JSON.stringify([kind, ...parts]))
    .digest("hex")
    .slice(0, 16);
}

export function entriesOf({
  messages,
  refused,
  leftOut,
}: Pick<QuarantineList, "messages" | "refused" | "leftOut">): QuarantineEntry[] {
  return [
    ...messages.map((of) => ({ kind: "message" as const, of })),
    ...refused.map((of) => ({ kind: "refused" as const, of })),
    ...leftOut.map((of) => ({ kind: "leftOut" as const, of })),
  ];
}

const lookedAtOnce = 500;

export function* eachPage({ readModel }: Pick<Context, "readModel">): Generator<QuarantineEntry[]> {
  for (let cursor: string | undefined; ; ) {
    const page = readModel.quarantine({ limit: lookedAtOnce, cursor });
    yield entriesOf(page);
    if (page.cursor === undefined) return;
    cursor = page.cursor;
  }
}

/** @throws ApiError where there is none of that id */
export function requireEntry(context: Pick<Context, "readModel">, id: string): QuarantineEntry {
  for (const page of eachPage(context)) {
    const found = page.find((entry) => entryId(entry) === id);
    if (found !== undefined) return found;
  }
  throw new ApiError("notFound", `The quarantine has no entry ${id}, or not any more.`);
}
