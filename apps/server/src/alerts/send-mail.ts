import { createTransport, type SendMailOptions } from "nodemailer";

const patienceMs = 10_000;

/**
 * @param server `smtp://user:password@host:587` or `smtps://…`
 * @throws Error with a sentence
 */
export async function sendMail(server: string, mail: SendMailOptions): Promise<void> {
  const transport = createTransport({
    url: server,
    connectionTimeout: patienceMs,
    greetingTimeout: patienceMs,
    socketTimeout: patienceMs,
  });
  try {
    await transport.sendMail(mail);
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
