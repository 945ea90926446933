import type { BoardPost } from "@downbeat/api";
import { type AlertConfig, domainOf } from "../alerts/channel-config.ts";
import { sendMail } from "../alerts/send-mail.ts";

/** Boards go out by the mail servers that alerts go out by, to addresses of their own. */
export function boardPost({ channels, dashboard }: AlertConfig, namespace: string): BoardPost {
  return {
    namespace,
    pageOf: (boardId) =>
      dashboard === undefined ? undefined : `${dashboard}/${namespace}/boards/${encodeURIComponent(boardId)}`,
    refusal(channel, to) {
      const found = channels.get(channel);
      return found?.kind === "email" ? refusalOf(channel, found.recipients, to) : undefined;
    },
    async send(channel, to, { id, subject, text, html }) {
      const found = channels.get(channel);
      if (found?.kind !== "email")
        throw new Error(`The server's configuration has no e-mail channel called ${channel}.`);
      const refusal = refusalOf(channel, found.recipients, to);
      if (refusal !== undefined) throw new Error(refusal);
      // Nobody is told who else it goes to. Sent again after a lost answer, it is the same e-mail.
      const messageId = `<board.${id}@downbeat>`;
      return sendMail(found.server, { from: found.from, bcc: [...to], subject, text, html, messageId });
    },
  };
}

function refusalOf(channel: string, domains: readonly string[], to: readonly string[]): string | undefined {
  const other = to.find((address) => !domains.includes(domainOf(address)));
  if (other === undefined) return undefined;
  const words = new Intl.ListFormat("en", { type: "disjunction" }).format(domains);
  return `The channel ${channel} sends boards to addresses at ${words} alone, not to ${other}: the server's configuration says so.`;
}
