import type { ApprovalList, ApprovalView } from "@downbeat/api/views";

const hour = 3_600_000;

/** One of each state, for whoever looks and for others. */
export function approvalsAt(now: number): ApprovalList {
  const ada = "Ada Lovelace <local|ada>";
  const grace = "Grace Hopper <https://login.acme.example|00u1a>";
  const base: ApprovalView = {
    id: "ask-1",
    digest: "d",
    verb: "terminateRun",
    runId: "trip-1042",
    workflow: "bookTrip",
    reason: "The hotel has closed, and the run waits for it.",
    requestedBy: ada,
    requestedAt: now - hour,
    expiresAt: now + 23 * hour,
    status: "waiting",
    isOwn: false,
  };
  const decision = { by: grace, at: now - hour / 2, reason: "As told on the phone." };
  const { runId: _, workflow: __, ...ofBulk } = base;
  return {
    requests: [
      base,
      {
        ...ofBulk,
        id: "ask-2",
        verb: "cancelRun",
        bulkId: "bulk-0123456789abcdef0123",
        targets: 1_204,
        about: "bookTrip, stuck since the outage",
        canary: { size: 5, mostFailed: 0.2 },
        perMinute: 600,
        isOwn: true,
        refusal: "You asked for it yourself: another person has to approve it.",
      },
      { ...base, id: "ask-3", verb: "completeJob", jobId: "j2", output: '{"room":"7","floor":2}' },
      { ...base, id: "ask-4", status: "rejected", decision: { ...decision, reason: "Cancel it instead." } },
      {
        ...base,
        id: "ask-5",
        status: "executed",
        decision,
        execution: { at: now, outcome: { is: "done" } },
      },
      { ...base, id: "ask-6", status: "expired", expiresAt: now - hour },
    ],
    waiting: 3,
    waitingForYou: 2,
    more: 0,
  };
}
