import { createTransport } from "nodemailer";
import { type AlertNote, subjectOf, textOf } from "./note.ts";

const patienceMs = 10_000;

export interface Mailbox {
  readonly server: string;
  readonly from: string;
  readonly to: readonly string[];
}

/** @throws Error with a sentence */
export async function sendEmail({ server, from, to }: Mailbox, note: AlertNote): Promise<void> {
  const transport = createTransport({
    url: server,
    connectionTimeout: patienceMs,
    greetingTimeout: patienceMs,
    socketTimeout: patienceMs,
  });
  try {
    await transport.sendMail({
      from,
      to: [...to],
      subject: subjectOf(note),
      text: textOf(note),
      // Of one incident, in one conversation.
      messageId: `<${idText(note.id)}.${note.of}@downbeat>`,
      ...(note.of === "resolved" && { inReplyTo: `<${idText(note.id)}.opened@downbeat>` }),
    });
  } catch (error) {
    const { code, responseCode } = error as { code?: string; responseCode?: number };
    const why = [code, responseCode].filter((part) => part !== undefined).join(" ");
    throw new Error(`The mail server did not take it: ${why === "" ? "the connection failed" : why}.`, {
      cause: error,
    });
  } finally {
    transport.close();
  }
}

function idText(id: string): string {
  return id.replaceAll(/[^A-Za-z0-9.-]/g, "-");
}
