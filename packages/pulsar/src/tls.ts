import { readFileSync } from "node:fs";

export interface TlsOptions {
  /** File with the certificate of the authority that signed the cluster's, PEM. Default: those that Node trusts. */
  readonly caFile?: string;
}

/** @throws Error that names the file */
export function readCertificate({ caFile }: TlsOptions): string | undefined {
  if (caFile === undefined) return undefined;
  let text: string;
  try {
    text = readFileSync(caFile, "utf8");
  } catch (error) {
    throw new Error(
      `The certificate file ${caFile} can't be read (${(error as NodeJS.ErrnoException).code}).`,
    );
  }
  if (text.includes("-----BEGIN CERTIFICATE-----")) return text;
  throw new Error(`The certificate file ${caFile} holds no certificate in PEM form.`);
}
