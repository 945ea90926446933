import { once } from "node:events";
import { copyFileSync, readFileSync } from "node:fs";
import type { IncomingHttpHeaders, IncomingMessage } from "node:http";
import { request } from "node:https";
import { text } from "node:stream/consumers";
import { connect, type SecureVersion } from "node:tls";
import { expect, test, vi } from "vitest";
import { newCertificate } from "./certificate.ts";
import { password, startGuarded } from "./signed-in.ts";
import { ended, type RunningServer, spawnServer, startServer, until } from "./stack.ts";

vi.setConfig({ testTimeout: 120_000 });

const noLog = { DOWNBEAT_LOG_URL: "ws://127.0.0.1:9" };
const me = "/trpc/public/default/me.get";

test("with a certificate the port speaks TLS and nothing else, for this machine's own pages too", async () => {
  const { certFile, keyFile } = newCertificate();
  await using server = await startServer({ ...noLog, ...filesOf({ certFile, keyFile }) });
  const ca = readFileSync(certFile, "utf8");
  const { port } = new URL(server.url);
  expect(await ask({ port, ca, path: "/healthz" })).toMatchObject({ status: 200, body: "ok\n" });
  const own = { origin: `https://localhost:${port}` };
  const posted = { method: "POST", path: "/trpc/public/default/runs.cancel", port, ca };
  const form = { "content-type": "application/json" };
  expect((await ask({ ...posted, headers: { ...own, ...form } })).status).not.toBe(403);
  const plainOrigin = { origin: `http://localhost:${port}`, ...form };
  expect((await ask({ ...posted, headers: plainOrigin })).status).toBe(403);
  await expect(fetch(`${server.url}/healthz`)).rejects.toThrow();
  // This machine's own name is that of other programs, on other ports: they may speak plain HTTP.
  expect((await ask({ port, ca, path: me })).headers["strict-transport-security"]).toBeUndefined();
});

test("older versions of TLS are not spoken", async () => {
  const files = newCertificate();
  await using server = await startServer({ ...noLog, ...filesOf(files) });
  const { port } = new URL(server.url);
  expect(await protocolOf(port, "TLSv1.1")).toBe("refused");
  expect(await protocolOf(port, "TLSv1.2")).toBe("TLSv1.2");
  expect(await protocolOf(port, "TLSv1.3")).toBe("TLSv1.3");
});

test("a certificate that is renewed is shown without a new start", async () => {
  const files = newCertificate();
  await using server = await startServer({ ...noLog, ...filesOf(files) });
  const { port } = new URL(server.url);
  const fresh = newCertificate();
  const ca = readFileSync(fresh.certFile, "utf8");
  await expect(ask({ port, ca, path: "/healthz" })).rejects.toThrow("certificate");
  copyFileSync(fresh.keyFile, files.keyFile);
  copyFileSync(fresh.certFile, files.certFile);
  await until(() => server.output().includes("was renewed"));
  expect((await ask({ port, ca, path: "/healthz" })).status).toBe(200);
});

test("people sign in over TLS: their cookie is the host's own and secure, and browsers are told to stay with it", async () => {
  const files = newCertificate();
  const access = { address: "https://downbeat.example.com" };
  const { server } = await startGuarded({ ...noLog, ...filesOf(files) }, access);
  const { port } = new URL(server.url);
  const ca = readFileSync(files.certFile, "utf8");
  const body = new URLSearchParams({ name: "ada", password, to: "/" }).toString();
  const headers = {
    host: "downbeat.example.com",
    origin: access.address,
    "sec-fetch-site": "same-origin",
    "content-type": "application/x-www-form-urlencoded",
  };
  const arrived = await ask({ method: "POST", path: "/signin", port, ca, headers, body });
  expect(arrived.status).toBe(303);
  expect(String(arrived.headers["set-cookie"])).toMatch(/^__Host-downbeat-session=.*; Secure$/);
  expect(arrived.headers["strict-transport-security"]).toBe("max-age=31536000");
});

test("what can't be used keeps the server from starting, with the reason", async () => {
  const { certFile, keyFile } = newCertificate();
  const startsWith = async (env: Record<string, string>) => {
    const { child, output } = spawnServer({ DOWNBEAT_PORT: "0", ...noLog, ...env });
    expect(await ended(child)).toBe(1);
    return output();
  };
  expect(await startsWith({ DOWNBEAT_TLS_CERT_FILE: certFile })).toContain(
    "DOWNBEAT_TLS_KEY_FILE is missing",
  );
  expect(await startsWith({ DOWNBEAT_TLS_CERT_FILE: "", DOWNBEAT_TLS_KEY_FILE: keyFile })).toContain(
    "DOWNBEAT_TLS_CERT_FILE is set to nothing",
  );
  expect(await startsWith(filesOf({ certFile, keyFile: certFile }))).toContain("no private key in PEM");
});

function filesOf({ certFile, keyFile }: { certFile: string; keyFile: string }): Record<string, string> {
  return { DOWNBEAT_TLS_CERT_FILE: certFile, DOWNBEAT_TLS_KEY_FILE: keyFile };
}

interface Asked {
  readonly port: RunningServer["url"];
  readonly ca: string;
  readonly path: string;
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

async function ask({ body, ...options }: Asked): Promise<{
  readonly status: number | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}> {
  const asked = request({ host: "localhost", agent: false, servername: "localhost", ...options });
  asked.end(body);
  const answered = await new Promise<IncomingMessage>((resolve, reject) => {
    asked.once("response", resolve);
    asked.once("error", reject);
  });
  return { status: answered.statusCode, headers: answered.headers, body: await text(answered) };
}

async function protocolOf(port: string, version: SecureVersion): Promise<string | null> {
  const socket = connect({
    port: Number(port),
    host: "127.0.0.1",
    minVersion: version,
    maxVersion: version,
    // This machine's OpenSSL doesn't speak the old ones by itself: it is the server that refuses.
    ciphers: "DEFAULT@SECLEVEL=0",
    rejectUnauthorized: false,
  });
  try {
    await once(socket, "secureConnect");
    return socket.getProtocol();
  } catch {
    return "refused";
  } finally {
    socket.destroy();
  }
}
