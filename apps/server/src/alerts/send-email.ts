import { type AlertNote, subjectOf, textOf } from "./note.ts";
import { sendMail } from "./send-mail.ts";

export interface Mailbox {
  readonly server: string;
  readonly from: string;
  readonly to: readonly string[];
}

/** @returns which were refused, as {@link sendMail} does. @throws Error with a sentence */
export function sendEmail({ server, from, to }: Mailbox, note: AlertNote): Promise<string | undefined> {
  return sendMail(server, {
    from,
    to: [...to],
    subject: subjectOf(note),
    text: textOf(note),
    // Of one incident, in one conversation.
    messageId: `<${idText(note.id)}.${note.of}@downbeat>`,
    ...(note.of === "resolved" && { inReplyTo: `<${idText(note.id)}.opened@downbeat>` }),
  });
}

function idText(id: string): string {
  return id.replaceAll(/[^A-Za-z0-9.-]/g, "-");
}
