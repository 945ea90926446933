import { plural } from "@downbeat/domain";
import { createTransport, type SendMailOptions } from "nodemailer";

const patienceMs = 10_000;

/**
 * @param server `smtp://user:password@host:587` or `smtps://…`
 * @returns a sentence where some of the addresses were refused: the others have it, and it is not sent again
 * @throws Error with a sentence
 */
export async function sendMail(server: string, mail: SendMailOptions): Promise<string | undefined> {
  const transport = createTransport({
    url: server,
    connectionTimeout: patienceMs,
    greetingTimeout: patienceMs,
    socketTimeout: patienceMs,
  });
  try {
    const { accepted, rejected } = await transport.sendMail(mail);
    if (rejected.length === 0) return undefined;
    return `${rejected.length} of ${plural(accepted.length + rejected.length, "address", "addresses")} ${rejected.length === 1 ? "was" : "were"} refused by the mail server.`;
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
