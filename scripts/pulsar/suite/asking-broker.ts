import { createHmac, randomBytes } from "node:crypto";
import { join } from "node:path";
import { Authority } from "../../../packages/pulsar/test/certificates.ts";
import { freePorts } from "../../lib/processes.ts";
import { type Broker, openBroker } from "../broker.ts";

/** @param lastsSeconds not given: for good */
export type TokenOf = (role: string, lastsSeconds?: number, key?: Uint8Array) => string;

export interface AskingBroker {
  readonly broker: Broker;
  readonly tokenOf: TokenOf;
  readonly overTls: { readonly serviceUrl: string; readonly caFile: string };
}

/** A broker that asks who comes, by token or, over TLS, by client certificate, and what that one may. `admin` may everything. */
export async function openAskingBroker(
  folder: string,
  authority = new Authority(join(folder, "certificates")),
): Promise<AskingBroker> {
  const secret = randomBytes(32);
  const tokenOf: TokenOf = (role, lastsSeconds, key = secret) => {
    const exp = lastsSeconds === undefined ? {} : { exp: Math.floor(Date.now() / 1_000) + lastsSeconds };
    const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");
    const signed = `${part({ alg: "HS256" })}.${part({ sub: role, ...exp })}`;
    return `${signed}.${createHmac("sha256", key).update(signed).digest("base64url")}`;
  };
  const { tls, ...ports } = await freePorts("web", "broker", "zookeeper", "bookkeeper", "tls");
  const own = authority.sign("localhost");
  const token = tokenOf("admin");
  const broker = await openBroker({
    ports,
    dataDir: join(folder, "broker"),
    token,
    say: () => {},
    settings: {
      authenticationEnabled: "true",
      authorizationEnabled: "true",
      superUserRoles: "admin",
      authenticationProviders: ["Token", "Tls"]
        .map((name) => `org.apache.pulsar.broker.authentication.AuthenticationProvider${name}`)
        .join(),
      webServicePortTls: String(tls),
      tlsCertificateFilePath: own.certFile,
      tlsKeyFilePath: own.keyFile,
      tlsTrustCertsFilePath: authority.caFile,
      brokerClientTrustCertsFilePath: authority.caFile,
      tokenSecretKey: `data:;base64,${secret.toString("base64")}`,
      brokerClientAuthenticationPlugin: "org.apache.pulsar.client.impl.auth.AuthenticationToken",
      brokerClientAuthenticationParameters: `token:${token}`,
    },
  });
  await broker.start();
  return { broker, tokenOf, overTls: { serviceUrl: `wss://localhost:${tls}`, caFile: authority.caFile } };
}
