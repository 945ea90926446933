import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";

interface MadeCertificate {
  readonly certFile: string;
  readonly keyFile: string;
}

/** Signed by itself, for downbeat.example.com and this machine's own name. */
export function newCertificate(days = 30): MadeCertificate {
  const directory = mkdtempSync(join(tmpdir(), "downbeat-tls-"));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  const [certFile, keyFile] = [join(directory, "cert.pem"), join(directory, "key.pem")];
  const names = "subjectAltName=DNS:downbeat.example.com,DNS:localhost,IP:127.0.0.1";
  const options = [
    "-newkey",
    "ec",
    "-pkeyopt",
    "ec_paramgen_curve:prime256v1",
    "-nodes",
    "-days",
    String(days),
  ];
  const files = ["-keyout", keyFile, "-out", certFile];
  execFileSync(
    "openssl",
    ["req", "-x509", ...options, "-subj", "/CN=downbeat.example.com", "-addext", names, ...files],
    { stdio: ["ignore", "ignore", "pipe"] },
  );
  return { certFile, keyFile };
}
