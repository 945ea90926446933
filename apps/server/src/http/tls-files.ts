import { X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";
import type { Server } from "node:https";
import { createSecureContext, type SecureContextOptions } from "node:tls";

export interface TlsFilesPaths {
  /** PEM; those that signed it follow it. */
  readonly certFile: string;
  readonly keyFile: string;
}

interface Followed {
  /** Told until when the certificate is valid that is shown from now on. */
  readonly onRenewed: (validTo: string) => void;
  /** Told of each version that can't be used; what stood there before is still shown. */
  readonly onTrouble: (error: Error) => void;
  /** Told once a day of a certificate that ends within two weeks and was not renewed. */
  readonly onEnding: (validTo: string) => void;
}

const lookEveryMs = 5_000;
const dayMs = 86_400_000;
/** Who renews by itself does so a month before the end; who doesn't needs some days. */
const endingMs = 14 * dayMs;

/** Certificate and key by which this server speaks TLS, as they are in their files by now. */
export class TlsFiles {
  readonly #paths: TlsFilesPaths;
  #shown: Pem;
  /** What was there at the last look, and could not be used. */
  #odd: Pem | undefined;
  #isTold = false;
  #endingToldAt = Number.NEGATIVE_INFINITY;

  /** @throws Error with one sentence that names the file and what is wrong with it */
  constructor(paths: TlsFilesPaths) {
    this.#paths = paths;
    this.#shown = usable(paths);
  }

  get options(): SecureContextOptions {
    return optionsOf(this.#shown);
  }

  /** Of the certificate, as it stands in it. */
  get validTo(): string {
    return validTo(this.#shown);
  }

  /**
   * Shows what is in the files by now, to those who connect from now on.
   *
   * @returns ends it
   */
  follow(server: Server, followed: Followed): () => void {
    const timer = setInterval(() => this.look(server, followed), lookEveryMs);
    timer.unref();
    return () => clearInterval(timer);
  }

  /** When the certificate ends, ms since 1970. */
  get endsAt(): number {
    return Date.parse(this.validTo);
  }

  look(
    server: Pick<Server, "setSecureContext">,
    { onRenewed, onTrouble, onEnding }: Followed,
    now = Date.now(),
  ): void {
    let found: Pem | undefined;
    if (this.endsAt - now < endingMs && now - this.#endingToldAt >= dayMs) {
      this.#endingToldAt = now;
      onEnding(this.validTo);
    }
    try {
      found = read(this.#paths);
      if (isSame(found, this.#shown)) return;
      check(found, this.#paths);
      server.setSecureContext(optionsOf(found));
    } catch (error) {
      const before = this.#odd;
      this.#odd = found ?? none;
      // One look may come between the two files; the second says it once.
      if (before === undefined || !isSame(before, this.#odd)) this.#isTold = false;
      else if (!this.#isTold) {
        this.#isTold = true;
        onTrouble(error as Error);
      }
      return;
    }
    this.#shown = found;
    this.#odd = undefined;
    this.#endingToldAt = Number.NEGATIVE_INFINITY;
    onRenewed(this.validTo);
  }
}

interface Pem {
  readonly cert: string;
  readonly key: string;
}

const none: Pem = { cert: "", key: "" };

function isSame(one: Pem, other: Pem): boolean {
  return one.cert === other.cert && one.key === other.key;
}

function optionsOf(pem: Pem): SecureContextOptions {
  return { ...pem, minVersion: "TLSv1.2", honorCipherOrder: true };
}

function usable(paths: TlsFilesPaths): Pem {
  const pem = read(paths);
  check(pem, paths);
  return pem;
}

function read({ certFile, keyFile }: TlsFilesPaths): Pem {
  return { cert: textOf("certificate", certFile), key: textOf("key", keyFile) };
}

function textOf(what: string, path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    throw new Error(`The TLS ${what} in ${path} can't be read: ${(error as Error).message}.`);
  }
}

/** Says nothing of what is in the key. */
function check(pem: Pem, { certFile, keyFile }: TlsFilesPaths): void {
  try {
    validTo(pem);
  } catch {
    throw new Error(`The TLS certificate in ${certFile} can't be used: it is no certificate in PEM.`);
  }
  try {
    createSecureContext(optionsOf(pem));
  } catch (error) {
    const isOther = (error as NodeJS.ErrnoException).code === "ERR_OSSL_X509_KEY_VALUES_MISMATCH";
    throw new Error(
      isOther
        ? `The TLS key in ${keyFile} is not the one of the certificate in ${certFile}.`
        : `The TLS key in ${keyFile} can't be used: it is no private key in PEM without a passphrase.`,
    );
  }
}

function validTo({ cert }: Pem): string {
  return new X509Certificate(cert).validTo;
}
