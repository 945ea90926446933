import type { AuditEntry, AuditList } from "@downbeat/api/views";

const minute = 60_000;
const browser =
  "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0 Safari/537.36";

/** One of each kind, with names as long as they get. */
export function auditListAt(now: number): AuditList {
  let count = 0;
  const entry = (what: Pick<AuditEntry, "verb"> & Partial<AuditEntry>): AuditEntry => {
    count += 1;
    return {
      format: 1,
      id: `entry-${count}`,
      at: now - count * 7 * minute,
      who: { id: "https://login.acme.example|00u1a2b3c4", name: "Maria Sørensen" },
      from: { address: "10.20.30.40", agent: browser },
      on: [],
      outcome: { is: "done" },
      ...what,
    };
  };
  const job = [
    { what: "run", id: "booking-000042-with-an-id-that-somebody-chose-and-made-very-long" },
    { what: "job", id: "j3" },
  ];
  return {
    entries: [
      entry({
        verb: "jobs.retry",
        on: job,
        why: "The airline is back, they said so on the phone at half past nine.",
      }),
      entry({
        verb: "runs.cancel",
        on: job.slice(0, 1),
        who: { id: "local|grace", name: "" },
        outcome: { is: "refused", why: "Only operators and admins may cancel or terminate a run." },
        times: 12,
      }),
      entry({
        verb: "analytics.run",
        sql: "SELECT status, count(*) AS runs\nFROM runs\nGROUP BY status",
        given: [
          { field: "source", is: "readModel" },
          { field: "rows", is: "5" },
        ],
      }),
      entry({ verb: "runs.start", on: job.slice(0, 1), outcome: { is: "undecided" } }),
      entry({
        verb: "session.signIn",
        who: { id: "", name: "" },
        from: { address: "2001:db8:85a3:8d3:1319:8a2e:370:7348", agent: "curl/8.5" },
        outcome: { is: "refused", why: "The name or the password was wrong." },
        times: 4_312,
      }),
      entry({
        verb: "alerts.test",
        on: [{ what: "channel", id: "pager" }],
        outcome: { is: "failed", why: "Nobody answered." },
      }),
    ],
    newer: 1,
    unreadable: 0,
    isBehind: false,
    isTrimmed: false,
  };
}
