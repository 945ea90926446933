import { requestDigest } from "@downbeat/protocol";
import fc from "fast-check";
import { expect, test } from "vitest";
import { ApprovalFold } from "../../approvals/approval-fold.ts";
import type { Context } from "../../context.ts";
import { nothingMasked } from "../../masking/nothing-masked.ts";
import { pageOfApprovals } from "../../usecases/list-approvals.ts";
import { ExportDesk } from "../export-desk.ts";
import type { ExportFormat } from "../formats.ts";
import { writeExport } from "../write-export.ts";
import { approvalsExport } from "./approvals.ts";

const ada = { id: "local|ada", actor: "Ada <local|ada>" };
const grace = { id: "local|grace", actor: "Grace <local|grace>" };

function request(id: string, runId = "trip-1", reason = "it hangs") {
  const action = { actionId: id, actor: ada.actor, reason };
  const command = { type: "CompleteJob", commandId: id, runId, jobId: "j1", output: "1", action } as const;
  return { type: "requested", id, by: ada, at: 5, expiresAt: 1_000, command } as const;
}

function stage() {
  const fold = new ApprovalFold({ now: () => 10 });
  const context = {
    ...nothingMasked,
    ...{ actor: "grace", role: "operator", now: () => 10, exports: new ExportDesk() },
    signedIn: { id: grace.id, name: "Grace", by: "account" },
    readModel: { summaries: () => [{ workflow: "bookTrip" }] },
    approvals: {
      all: async () => fold.all,
      get forgot() {
        return fold.forgot;
      },
    },
  } as unknown as Context;
  return { fold, context };
}

async function written(context: Context, format: ExportFormat, waiting = false): Promise<string> {
  let text = "";
  for await (const update of await writeExport(context, approvalsExport, { waiting }, format))
    text += update.text;
  return text;
}

test("the list is written whole, beyond what it shows, newest first, or what waits alone", async () => {
  const { fold, context } = stage();
  for (let number = 0; number < 1_200; number++) {
    fold.take(request(`r-${number}`, `trip-${number}`));
    if (number % 3 === 0) fold.take({ type: "rejected", id: `r-${number}`, by: grace, at: 6, reason: "no" });
  }
  const all = JSON.parse(await written(context, "json"));
  expect(all).toMatchObject({ list: "approvals", isWhole: true, count: 1_200 });
  expect(all.rows.map(({ id }: { id: string }) => id)).toEqual(
    Array.from({ length: 1_200 }, (_, number) => `r-${1_199 - number}`),
  );
  expect(all.rows[0]).toEqual({
    id: "r-1199",
    digest: requestDigest(request("r-1199", "trip-1199")),
    verb: "completeJob",
    runId: "trip-1199",
    workflow: "bookTrip",
    jobId: "j1",
    output: "1",
    reason: "it hangs",
    requestedBy: ada.actor,
    requestedAt: 5,
    expiresAt: 1_000,
    status: "waiting",
  });
  const waiting = (await written(context, "ndjson", true)).trimEnd().split("\n");
  expect(new Set(waiting.map((line) => JSON.parse(line).status))).toEqual(new Set(["waiting"]));
  expect(waiting).toHaveLength(800);
});

test("a spreadsheet has who asked and who decided, and no formula that somebody gave as a reason", async () => {
  const { fold, context } = stage();
  fold.take(request("r1", "trip-1", "=1+1"));
  fold.take({ type: "rejected", id: "r1", by: grace, at: 6, reason: "no" });
  const [head, row] = (await written(context, "csv")).split("\r\n");
  expect(head).toContain("request,what,run,workflow,job,");
  expect(row).toContain("r1,completeJob,trip-1,bookTrip,j1,");
  expect(row).toContain("'=1+1");
  expect(row).toContain("rejected,Grace <local|grace>,1970-01-01T00:00:00.006Z,no");
});

test("each request that was there is in a file once, whatever people decide while it is read", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 40 }),
      fc.integer({ min: 1, max: 7 }),
      fc.boolean(),
      fc.array(fc.nat(39), { maxLength: 30 }),
      async (many, limit, waiting, decided) => {
        const { fold, context } = stage();
        for (let number = 0; number < many; number++) fold.take(request(`r-${number}`));
        const met: string[] = [];
        const asked = [...decided];
        let after: string | undefined;
        do {
          const page = await pageOfApprovals(context, { waiting, after, limit });
          met.push(...page.requests.map(({ id }) => id));
          after = page.cursor;
          // In between, one is decided and another one asked for.
          fold.take({ type: "rejected", id: `r-${asked.pop() ?? 0}`, by: grace, at: 6, reason: "" });
          fold.take(request(`later-${met.length}`));
        } while (after !== undefined);
        expect(new Set(met).size).toBe(met.length);
        expect(met.filter((id) => id.startsWith("later"))).toEqual([]);
        if (!waiting) expect(met).toHaveLength(many);
        const still = fold.all.filter(({ approval }) => approval.status === "waiting");
        for (const { approval } of still)
          if (approval.id.startsWith("r-")) expect(met).toContain(approval.id);
      },
    ),
    { numRuns: 100 },
  );
}, 60_000);

test("where more were asked for than are kept, the file says that older ones are missing", async () => {
  const { fold, context } = stage();
  const rejected = (id: string) => ({ type: "rejected", id, by: grace, at: 6, reason: "no" }) as const;
  for (let number = 0; number < 5_002; number++) {
    fold.take(request(`r-${number}`));
    fold.take(rejected(`r-${number}`));
  }
  const all = JSON.parse(await written(context, "json"));
  expect(all).toMatchObject({ isWhole: false, cut: expect.stringContaining("the audit has them") });
  expect(JSON.parse(await written(context, "json", true))).toMatchObject({ isWhole: true, count: 0 });
  const gone = { waiting: false, after: "r-0", limit: 10 };
  expect(await pageOfApprovals(context, gone)).toMatchObject({ requests: [], cut: expect.any(String) });
});
