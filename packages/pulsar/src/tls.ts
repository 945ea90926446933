import { createPrivateKey, X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";

export interface TlsOptions {
  /** File with the certificate of the authority that signed the cluster's, PEM. Default: those that Node trusts. */
  readonly caFile?: string;
  /** File with the certificate that this process shows, PEM, its chain after it; with `keyFile`. Read again for each session, as the key is. */
  readonly certFile?: string;
  /** File with that certificate's private key, PEM, without a passphrase. */
  readonly keyFile?: string;
}

/** As Node's TLS takes them. */
export interface TlsFiles {
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
  /** When the certificate ends, ms since the epoch. */
  readonly endsAt?: number;
}

/** @throws Error that names the file, and what is wrong with it */
export function readTlsFiles({ caFile, certFile, keyFile }: TlsOptions): TlsFiles {
  const ca = caFile === undefined ? {} : { ca: certificatesIn("certificate", caFile) };
  if (certFile === undefined && keyFile === undefined) return ca;
  if (certFile === undefined || keyFile === undefined)
    throw new Error(
      "A client certificate and its key belong together: give both files, or none (DOWNBEAT_PULSAR_CERT_FILE, DOWNBEAT_PULSAR_KEY_FILE).",
    );
  const cert = certificatesIn("client certificate", certFile);
  const key = textOf("key", keyFile);
  const shown = certificate(certFile, cert);
  if (!shown.checkPrivateKey(privateKey(keyFile, key)))
    throw new Error(`The key file ${keyFile} holds another key than that of the certificate in ${certFile}.`);
  return { ...ca, cert, key, endsAt: Date.parse(shown.validTo) };
}

/** What a certificate calls its owner: its common name, or all of its name. */
export function ownerOf(cert: string): string {
  const { subject } = new X509Certificate(cert);
  return /^CN=(.*)$/m.exec(subject)?.[1] ?? subject.replaceAll("\n", ", ");
}

function certificatesIn(what: string, file: string): string {
  const text = textOf(what, file);
  if (text.includes("-----BEGIN CERTIFICATE-----")) return text;
  throw new Error(`The ${what} file ${file} holds no certificate in PEM form.`);
}

function certificate(file: string, text: string): X509Certificate {
  try {
    return new X509Certificate(text);
  } catch {
    throw new Error(`The client certificate file ${file} holds a certificate that can't be read.`);
  }
}

function privateKey(file: string, text: string): ReturnType<typeof createPrivateKey> {
  try {
    return createPrivateKey(text);
  } catch {
    throw new Error(
      `The key file ${file} holds no private key in PEM form that is usable without a passphrase.`,
    );
  }
}

function textOf(what: string, file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    throw new Error(`The ${what} file ${file} can't be read (${(error as NodeJS.ErrnoException).code}).`);
  }
}
