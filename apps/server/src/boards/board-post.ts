import type { BoardPost } from "@downbeat/api";
import type { AlertConfig } from "../alerts/channel-config.ts";
import { sendMail } from "../alerts/send-mail.ts";

/** Boards go out by the mail servers that alerts go out by, to addresses of their own. */
export function boardPost({ channels, dashboard }: AlertConfig, namespace: string): BoardPost {
  return {
    namespace,
    pageOf: (boardId) =>
      dashboard === undefined ? undefined : `${dashboard}/${namespace}/boards/${encodeURIComponent(boardId)}`,
    async send(channel, to, { id, subject, text, html }) {
      const found = channels.get(channel);
      if (found?.kind !== "email")
        throw new Error(`The server's configuration has no e-mail channel called ${channel}.`);
      // Nobody is told who else it goes to. Sent again after a lost answer, it is the same e-mail.
      const messageId = `<board.${id}@downbeat>`;
      await sendMail(found.server, { from: found.from, bcc: [...to], subject, text, html, messageId });
    },
  };
}
