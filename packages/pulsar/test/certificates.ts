import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

export interface MadeCertificate {
  readonly certFile: string;
  readonly keyFile: string;
}

/** An authority of its own in a folder, which signs for localhost. Needs OpenSSL. */
export class Authority {
  readonly caFile: string;
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
    this.caFile = join(folder, "ca.pem");
    mkdirSync(folder, { recursive: true });
    const signs = join(folder, "signs.cnf");
    writeFileSync(signs, "subjectAltName=DNS:localhost,IP:127.0.0.1\n");
    openssl(
      "req",
      "-x509",
      ...newKey,
      "-keyout",
      join(folder, "ca.key"),
      "-out",
      this.caFile,
      "-days",
      "2",
      "-subj",
      "/CN=Tests",
    );
  }

  /** @param days 0: ended already */
  sign(name: string, days = 2): MadeCertificate {
    const at = (end: string) => join(this.#folder, `${name}.${end}`);
    openssl("req", ...newKey, "-keyout", at("key"), "-out", at("csr"), "-subj", `/CN=${name}`);
    openssl(
      ...["x509", "-req", "-in", at("csr"), "-CA", this.caFile, "-CAkey", join(this.#folder, "ca.key")],
      ...["-CAcreateserial", "-out", at("pem"), "-days", String(days)],
      ...["-extfile", join(this.#folder, "signs.cnf")],
    );
    return { certFile: at("pem"), keyFile: at("key") };
  }
}

// Keys come out as PKCS #8, which a broker's Java reads.
const newKey = ["-newkey", "rsa:2048", "-nodes"];

function openssl(...args: readonly string[]): void {
  execFileSync("openssl", args, { stdio: ["ignore", "ignore", "pipe"] });
}
