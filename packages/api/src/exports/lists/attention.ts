import { failureWords } from "@downbeat/domain";
import type { z } from "zod";
import { ListAttention, listAttention } from "../../usecases/list-attention.ts";
import type { AttentionItem } from "../../views.ts";
import { type Exportable, labelText, stamp } from "../exportable.ts";

/** The most that this list gives at once. */
const limit = 200;

export const attentionQuery = ListAttention.unwrap().omit({ cursor: true, limit: true }).prefault({});

export const attentionExport: Exportable<z.infer<typeof attentionQuery>, AttentionItem> = {
  name: "attention",
  about: ({ fingerprint = "" }) => [fingerprint],
  columns: () => [
    { name: "since", of: ({ since }) => stamp(since) },
    { name: "kind", of: ({ kind }) => kind },
    { name: "run", of: ({ runId }) => runId },
    { name: "workflow", of: ({ workflow }) => workflow },
    { name: "job", of: ({ job }) => job?.jobId },
    { name: "job type", of: ({ job }) => job?.jobType },
    { name: "attempts", of: ({ job }) => job?.attempts.length },
    { name: "error", of: ({ failure }) => failureWords(failure) },
    { name: "labels", of: ({ labels }) => labelText(labels) },
    { name: "cause", of: ({ fingerprint }) => fingerprint },
  ],
  async page(context, query, cursor) {
    const { items, groups, total, cursor: next } = await listAttention(context, { ...query, cursor, limit });
    const { fingerprint } = query;
    const count =
      fingerprint === undefined ? total : groups.find((group) => group.fingerprint === fingerprint)?.count;
    return { rows: items, cursor: next, count };
  },
};
