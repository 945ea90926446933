import { chmodSync, copyFileSync, writeFileSync } from "node:fs";
import type { SecureContextOptions } from "node:tls";
import { expect, test } from "vitest";
import { newCertificate } from "../../test/certificate.ts";
import { TlsFiles } from "./tls-files.ts";

function stage() {
  const paths = newCertificate();
  const shown: SecureContextOptions[] = [];
  const renewed: string[] = [];
  const troubles: string[] = [];
  const tls = new TlsFiles(paths);
  const server = { setSecureContext: (options: SecureContextOptions) => void shown.push(options) };
  const ending: string[] = [];
  const look = (now = Date.now()) =>
    tls.look(
      server,
      {
        onRenewed: (validTo) => renewed.push(validTo),
        onTrouble: ({ message }) => troubles.push(message),
        onEnding: (validTo) => ending.push(validTo),
      },
      now,
    );
  return { paths, tls, look, shown, renewed, troubles, ending };
}

test("what is renewed is shown at the next look, and once", () => {
  const { paths, look, shown, renewed, troubles } = stage();
  look();
  expect(shown).toEqual([]);
  const fresh = newCertificate();
  copyFileSync(fresh.keyFile, paths.keyFile);
  // Between the two files nothing is wrong yet.
  look();
  expect([shown, troubles]).toEqual([[], []]);
  copyFileSync(fresh.certFile, paths.certFile);
  look();
  look();
  expect(shown).toHaveLength(1);
  expect(shown[0]).toMatchObject({ minVersion: "TLSv1.2" });
  expect([renewed.length, troubles]).toEqual([1, []]);
});

test("of what can't be used it is said once, and what was there before stays", () => {
  const { paths, look, shown, troubles } = stage();
  for (const odd of ["", "no certificate"]) {
    writeFileSync(paths.certFile, odd);
    for (let turn = 0; turn < 4; turn++) look();
  }
  expect(troubles).toEqual([
    `The TLS certificate in ${paths.certFile} can't be used: it is no certificate in PEM.`,
    `The TLS certificate in ${paths.certFile} can't be used: it is no certificate in PEM.`,
  ]);
  expect(shown).toEqual([]);
});

test("of a certificate that ends within two weeks it is said once a day, until it is renewed", () => {
  const day = 86_400_000;
  const { paths, tls, look, ending } = stage();
  look();
  expect(ending).toEqual([]);
  const { endsAt, validTo } = tls;
  for (const daysBefore of [15, 14, 13, 12.5, 11.9, -0.5, -1]) look(endsAt - daysBefore * day);
  expect(ending).toEqual([validTo, validTo, validTo]);
  const fresh = newCertificate(60);
  copyFileSync(fresh.keyFile, paths.keyFile);
  copyFileSync(fresh.certFile, paths.certFile);
  look(endsAt);
  look(endsAt + 2 * day);
  expect(ending).toHaveLength(3);
});

test("what is wrong with the files is said by name, and nothing of what is in the key", () => {
  const [one, other] = [newCertificate(), newCertificate()];
  expect(() => new TlsFiles({ certFile: one.certFile, keyFile: other.keyFile })).toThrow(
    `The TLS key in ${other.keyFile} is not the one of the certificate in ${one.certFile}.`,
  );
  expect(() => new TlsFiles({ ...one, keyFile: "/nowhere/key.pem" })).toThrow(
    /^The TLS key in \/nowhere\/key\.pem can't be read: ENOENT/,
  );
  writeFileSync(one.keyFile, "-----BEGIN PRIVATE KEY-----\nc2VjcmV0\n-----END PRIVATE KEY-----\n");
  chmodSync(one.keyFile, 0o600);
  expect(() => new TlsFiles(one)).toThrow(
    `The TLS key in ${one.keyFile} can't be used: it is no private key in PEM without a passphrase.`,
  );
});
