import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { LogError, type MessageLog } from "@downbeat/message-log";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { noConnection } from "../src/connect-error.ts";
import { openPulsarWebSocketLog, type PulsarWebSocketOptions } from "../src/index.ts";
import { Authority, type MadeCertificate } from "./certificates.ts";
import { FakeBroker } from "./fake-broker.ts";
import { webToken } from "./web-token.ts";

/** As a broker and its proxy answer to no token, an ended one and a forged one alike. */
const page = `<html>
<head><title>Error 401 Authentication required</title></head>
<body><h2>HTTP ERROR 401 Authentication required</h2>
<table><tr><th>URI:</th><td>/ws/v2/producer/t</td></tr>
<tr><th>MESSAGE:</th><td>Authentication required</td></tr></table>
<hr/><a href="https://jetty.org/">Powered by Jetty:// 9.4.58.v20250814</a><hr/></body></html>`;
const forbidden = page.replaceAll("401", "403").replaceAll("Authentication required", "Not authorized");

let broker: FakeBroker | undefined;
let log: MessageLog | undefined;
const folder = mkdtempSync(join(tmpdir(), "downbeat-refusal-"));
let authority: Authority;
let engine: MadeCertificate;
beforeAll(() => {
  authority = new Authority(folder);
  engine = authority.sign("engine");
});
afterEach(async () => {
  await log?.close();
  await broker?.stop();
});
afterAll(() => rmSync(folder, { recursive: true }));

async function said(answer: { status: number; body: string }, options: Partial<PulsarWebSocketOptions> = {}) {
  broker ??= await FakeBroker.start();
  log = openPulsarWebSocketLog({ serviceUrl: broker.url, ...options });
  broker.refuseWith = answer;
  broker.answer = () => answer;
  const sayings = await Promise.all(
    [log.openProducer("t"), log.partitionsOf("t")].map((asked) =>
      asked.then(
        () => undefined,
        (error: unknown) => error,
      ),
    ),
  );
  const messages = sayings.map((error) => {
    if (!(error instanceof LogError)) throw new Error(`It was no LogError: ${error}`);
    expect(error.code).toBe("unauthorized");
    expect(error.message).not.toMatch(/HTTP ERROR|Jetty|<|Authentication required/);
    return error.message.replace(/^(Producer of t|GET .*partitions): /, "");
  });
  await log.close();
  return messages;
}

describe("who is not let in is told in a sentence, the same over the WebSocket and the admin API:", () => {
  beforeEach(async () => {
    broker = await FakeBroker.start();
  });
  const refused = { status: 401, body: page };

  test("nothing was shown", async () => {
    const sentence =
      "the log asks who this is, and was shown nothing. Give a token (DOWNBEAT_PULSAR_TOKEN_FILE), a client certificate (DOWNBEAT_PULSAR_CERT_FILE) or an OAuth client (DOWNBEAT_PULSAR_OAUTH_ISSUER).";
    expect(await said(refused)).toEqual([sentence, sentence]);
  });

  test("the token has ended", async () => {
    const token = webToken({ sub: "engine", exp: 1_000_000_000 });
    const sentence =
      "the token ended at 2001-09-09T01:46:40.000Z. Give one that still holds; one in a file is read again.";
    expect(await said(refused, { token })).toEqual([sentence, sentence]);
  });

  test("the token is forged", async () => {
    const sentence =
      "the log doesn't take the token: it was signed with a key that is not this cluster's, or changed since. Give one that was made for this cluster.";
    expect(await said(refused, { token: webToken({ sub: "engine" }) })).toEqual([sentence, sentence]);
  });

  test("the token is none", async () => {
    const [sentence] = await said(refused, { token: "nonsense" });
    expect(sentence).toMatch(/^the log doesn't take the token, and it is no JSON Web Token/);
    expect(sentence).not.toContain("nonsense");
  });

  test("the token's owner may not do that", async () => {
    const options = { token: webToken({ sub: "guest" }) };
    expect((await said({ status: 403, body: forbidden }, options))[0]).toMatch(
      /^the log knows the token, but "guest" may not do that\. Have produce and consume/,
    );
    // The admin API answers 401 to this too, and says more.
    const reason = "Unauthorized to validateTopicOperation for operation [LOOKUP] on topic [t]";
    expect((await said({ status: 401, body: JSON.stringify({ reason }) }, options))[1]).toBe(
      `the log knows the token, but "guest" may not do that (${reason}). Have produce and consume in the namespace granted, for downbeat setup and doctor the tenant's admin role; or sign in as somebody who has them.`,
    );
  });

  test("it is the embedded log, which has a token of its own", async () => {
    const asks = {
      status: 401,
      body: "This log asks for its token, which is in /data of ada/super user/log.token",
    };
    const none =
      "the log asks for its token, and was shown none. It is in /data of ada/super user/log.token, for the user who runs the log: name that file, or a copy for another user, with DOWNBEAT_PULSAR_TOKEN_FILE.";
    const [socket, request] = await said(asks);
    expect([socket, request]).toEqual([none, none]);
    expect(await said({ ...asks, body: JSON.stringify({ reason: asks.body }) })).toEqual([none, none]);
    const wrong = await said(asks, { token: webToken({ sub: "engine" }) });
    expect(wrong[0]).toMatch(
      /^the log doesn't take the token that it was shown\. Its own is in \/data of ada/,
    );
    expect(wrong[0]).not.toContain(webToken({ sub: "engine" }));
  });

  test("the certificate is not known, or may not do that", async () => {
    const files = { certFile: engine.certFile, keyFile: engine.keyFile };
    expect((await said(refused, files))[0]).toMatch(
      /^the log doesn't take the client certificate of "engine"\./,
    );
    expect((await said({ status: 403, body: forbidden }, files))[0]).toMatch(
      /^the log knows the client certificate, but "engine" may not do that\./,
    );
  });
});

describe("with a client certificate, over TLS that asks for one,", () => {
  beforeEach(async () => {
    const { certFile, keyFile } = authority.sign("broker");
    broker = await FakeBroker.start({
      key: readFileSync(keyFile),
      cert: readFileSync(certFile),
      ca: readFileSync(authority.caFile),
      requestCert: true,
      rejectUnauthorized: true,
    });
  });
  const open = (options: Partial<PulsarWebSocketOptions>) => {
    log = openPulsarWebSocketLog({ serviceUrl: broker?.url ?? "", caFile: authority.caFile, ...options });
    return log;
  };

  test("sessions and admin requests are let in", async () => {
    const opened = open(engine);
    await opened.openProducer("t");
    if (broker !== undefined) broker.answer = () => ({ status: 200, body: '{"partitions":4}' });
    expect(await opened.partitionsOf("t")).toBe(4);
  });

  test("who shows none is told to", async () => {
    const opened = open({});
    for (const ask of [() => opened.openProducer("t"), () => opened.partitionsOf("t")])
      await expect(ask()).rejects.toMatchObject({
        code: "unauthorized",
        message: expect.stringMatching(/: the log asks for a client certificate, and was shown none\./),
      });
  });

  test("the certificate in its file is read again for each session, and what is wrong with it is said", async () => {
    const renewed = authority.sign("renewed");
    const opened = open(renewed);
    await opened.openProducer("t");
    writeFileSync(renewed.keyFile, "not a key");
    await expect(opened.openProducer("u")).rejects.toMatchObject({
      code: "unauthorized",
      message: expect.stringMatching(/^The key file .*renewed\.key holds no private key in PEM form/),
    });
  });

  test("files that don't belong together are said so at once", () => {
    const other = authority.sign("other");
    expect(() => open({ certFile: engine.certFile })).toThrow(
      /A client certificate and its key belong together/,
    );
    expect(() => open({ certFile: engine.certFile, keyFile: other.keyFile })).toThrow(
      /other\.key holds another key than that of the certificate/,
    );
    expect(() => open({ certFile: engine.keyFile, keyFile: engine.keyFile })).toThrow(/holds no certificate/);
    expect(() => open({ certFile: join(folder, "none"), keyFile: engine.keyFile })).toThrow(
      /The client certificate file .*none can't be read \(ENOENT\)/,
    );
  });
});

describe("what a broker says in the handshake of TLS", () => {
  const sentence = (code: string, tls: { cert?: string }) =>
    noConnection("Producer of t", "no connection to the log", Object.assign(new Error("alert"), { code }), {
      tls,
    });

  test("of a certificate is told with whose it is", () => {
    const tls = { cert: readFileSync(engine.certFile, "utf8") };
    for (const code of ["UNKNOWN_CA", "BAD_CERTIFICATE", "CERTIFICATE_UNKNOWN"])
      expect(sentence(`ERR_SSL_TLSV1_ALERT_${code}`, tls)).toMatchObject({
        code: "unauthorized",
        message: expect.stringMatching(/: the log doesn't take the client certificate of "engine"/),
      });
    expect(sentence("ERR_SSL_SSLV3_ALERT_CERTIFICATE_EXPIRED", tls).message).toMatch(
      /: the client certificate of "engine" has ended\./,
    );
  });

  test("of other things is told as it is", () => {
    for (const code of ["ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION", "ECONNREFUSED"])
      expect(sentence(code, {})).toMatchObject({ code: "unavailable" });
  });
});
