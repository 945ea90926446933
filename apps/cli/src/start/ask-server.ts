import { readFileSync } from "node:fs";
import { get as getPlain } from "node:http";
import { get } from "node:https";
import { text } from "node:stream/consumers";

interface ServerAnswer {
  readonly status: number;
  readonly body: string;
}

/**
 * Asks the server of this machine.
 *
 * @param certFile what it must show where it speaks TLS: the certificate of this very file, whatever name that is for
 * @throws Error when nothing answers, or somebody else does
 */
export async function askServer(url: string, certFile?: string, signal?: AbortSignal): Promise<ServerAnswer> {
  const options = { agent: false, ...(signal !== undefined && { signal }) };
  return new Promise((resolve, reject) => {
    const asked =
      certFile === undefined
        ? getPlain(url, options)
        : get(url, {
            ...options,
            // Read each time: it may have been renewed.
            ca: readFileSync(certFile, "utf8"),
            allowPartialTrustChain: true,
            checkServerIdentity: () => undefined,
          });
    asked.once("error", reject);
    asked.once("response", (answer) => {
      text(answer).then((body) => resolve({ status: answer.statusCode ?? 0, body }), reject);
    });
  });
}
