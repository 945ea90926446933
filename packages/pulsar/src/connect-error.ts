import { LogError } from "@downbeat/message-log";
import type { Shown } from "./sign-in.ts";
import { ownerOf } from "./tls.ts";

/** @param what went wrong, in the words of who tried, such as "no connection to the log" */
export function noConnection(
  doing: string,
  what: string,
  error: Error,
  { tls }: Pick<Shown, "tls">,
): LogError {
  const refusal = refusedInHandshake(error, tls.cert);
  return refusal === undefined
    ? new LogError("unavailable", `${doing}: ${what} (${whyNoConnection(error)}).`, { cause: error })
    : new LogError("unauthorized", `${doing}: ${refusal}`, { cause: error });
}

/** A cluster may look at certificates before it is asked anything. */
function refusedInHandshake(error: Error, cert: string | undefined): string | undefined {
  const code = "code" in error ? String(error.code) : "";
  if (!/ALERT/.test(code)) return undefined;
  if (cert === undefined)
    return /CERTIFICATE_REQUIRED|BAD_CERTIFICATE|HANDSHAKE_FAILURE/.test(code)
      ? "the log asks for a client certificate, and was shown none. Give one with DOWNBEAT_PULSAR_CERT_FILE and DOWNBEAT_PULSAR_KEY_FILE."
      : undefined;
  if (/EXPIRED/.test(code))
    return `the client certificate of ${JSON.stringify(ownerOf(cert))} has ended. Put the next one into its file.`;
  if (/CERTIFICATE|UNKNOWN_CA|ACCESS_DENIED|DECRYPT_ERROR/.test(code))
    return `the log doesn't take the client certificate of ${JSON.stringify(ownerOf(cert))}: it does not know who signed it, or is not meant for this.`;
  return undefined;
}

const ofCertificates: Readonly<Record<string, string>> = {
  SELF_SIGNED_CERT_IN_CHAIN: "who signed its certificate is not known here",
  DEPTH_ZERO_SELF_SIGNED_CERT: "who signed its certificate is not known here",
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: "who signed its certificate is not known here",
  UNABLE_TO_GET_ISSUER_CERT: "who signed its certificate is not known here",
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: "who signed its certificate is not known here",
  CERT_HAS_EXPIRED: "its certificate has ended",
};

/** In a few words, why there is no connection. Node's own are of several lines at times, and empty when an address has two places that don't answer. */
function whyNoConnection(error: Error): string {
  const code = "code" in error ? String(error.code) : "";
  if (code === "EPROTO") return "it doesn't speak TLS there: is it ws:// rather than wss://?";
  const ofCertificate = ofCertificates[code];
  if (ofCertificate !== undefined)
    return `${ofCertificate}; DOWNBEAT_PULSAR_CA_FILE names a file with the authority's certificate`;
  if (error.message !== "") return error.message.split("\n")[0] ?? "";
  return code === "" ? error.name : code;
}
