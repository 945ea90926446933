import { z } from "zod";
import { listQuarantine } from "../../usecases/list-quarantine.ts";
import type { QuarantineEntries, QuarantineMark } from "../../views.ts";
import { type Exportable, stamp } from "../exportable.ts";
import { pageSize } from "../page-size.ts";

export const quarantineQuery = z.object({}).prefault({});

type QuarantineRow =
  | ({ readonly kind: "message" } & QuarantineEntries["messages"][number])
  | ({ readonly kind: "refusedCommand" } & QuarantineEntries["refused"][number])
  | ({ readonly kind: "leftOut" } & QuarantineEntries["leftOut"][number]);

export const quarantineExport: Exportable<z.infer<typeof quarantineQuery>, QuarantineRow> = {
  name: "quarantine",
  about: () => [],
  columns: () => [
    { name: "kind", of: ({ kind }) => kind },
    { name: "at", of: ({ at }) => stamp(at) },
    { name: "topic", of: (row) => ("topic" in row ? row.topic : null) },
    { name: "position", of: (row) => ("position" in row ? row.position : null) },
    {
      name: "run",
      of: (row) => ("runId" in row ? row.runId : "runIds" in row ? row.runIds.join(" ") || null : null),
    },
    { name: "command", of: (row) => ("command" in row ? row.command : null) },
    { name: "reason", of: (row) => ("reason" in row ? row.reason : row.message) },
    { name: "text", of: (row) => ("text" in row ? row.text : null) },
    { name: "done", of: ({ mark }) => mark && doneWords(mark) },
    { name: "done by", of: ({ mark }) => mark?.by },
    { name: "done at", of: ({ mark }) => stamp(mark?.at) },
    { name: "done why", of: ({ mark }) => mark?.reason },
  ],
  async page(context, _, cursor) {
    const { messages, refused, leftOut, counts, ...page } = await listQuarantine(context, {
      cursor,
      limit: pageSize,
    });
    return {
      rows: [
        ...messages.map((row) => ({ kind: "message" as const, ...row })),
        ...refused.map((row) => ({ kind: "refusedCommand" as const, ...row })),
        ...leftOut.map((row) => ({ kind: "leftOut" as const, ...row })),
      ],
      cursor: page.cursor,
      count: counts.messages + counts.refused + counts.leftOut,
    };
  },
};

function doneWords(mark: QuarantineMark): string {
  return mark.did === "dropped" ? "dropped" : `sent again: ${mark.sent.outcome?.type ?? "not known"}`;
}
