import type { BoardMail } from "@downbeat/api/views";
import { formatDayAndClock } from "@/lib/absolute-time.ts";
import { plural } from "@/lib/number.ts";

/** What was sent last, and what came of it. */
export function MailList({ mails }: { readonly mails: readonly BoardMail[] }) {
  if (mails.length === 0) return null;
  return (
    <section aria-label="Sent" className="mt-4">
      <h3 className="mb-1 font-strong">Sent</h3>
      <ul>
        {mails.map((mail) => (
          <li key={mail.mailId} className="break-words text-ink-2 text-small">
            {formatDayAndClock(mail.at)}, {mail.by === undefined ? "by its schedule" : `by ${mail.by}`}, to{" "}
            {plural(mail.addresses, "address", "addresses")}:{" "}
            <span className={mail.problem !== undefined ? "text-stuck" : undefined}>{outcomeOf(mail)}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}

function outcomeOf({ outcome, problem }: BoardMail): string {
  if (outcome === "delivered") return `the mail server took it.${problem === undefined ? "" : ` ${problem}`}`;
  if (outcome === "notSent")
    return "not sent: its server stopped before anything went out. Another one sends it if it is due.";
  if (outcome === "failed") return problem ?? "It failed.";
  return "begun. If it stays so, the server that sent it ended midway; it is not sent again.";
}
