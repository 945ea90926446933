import { logAddressVariables } from "@downbeat/protocol";
import { z } from "zod";

/** Where Downbeat is on a developer's machine. */
const atHome = "ws://127.0.0.1:8080";

export const connectionSchema = z.object({
  ...logAddressVariables,
  DOWNBEAT_LOG_URL: logAddressVariables.DOWNBEAT_LOG_URL.default(atHome),
});

export const connectionVariables: readonly string[] = Object.keys(connectionSchema.shape);

/** What an option is called where it is given as a variable. Whatever way a value comes, it is checked as that variable. */
export const variableOf = {
  tenant: "DOWNBEAT_TENANT",
  namespace: "DOWNBEAT_NAMESPACE",
  token: "DOWNBEAT_PULSAR_TOKEN",
  tokenFile: "DOWNBEAT_PULSAR_TOKEN_FILE",
  caFile: "DOWNBEAT_PULSAR_CA_FILE",
  certFile: "DOWNBEAT_PULSAR_CERT_FILE",
  keyFile: "DOWNBEAT_PULSAR_KEY_FILE",
  adminUrl: "DOWNBEAT_PULSAR_ADMIN",
  brokerUrl: "DOWNBEAT_PULSAR_BROKER_URL",
  pulsarClient: "DOWNBEAT_PULSAR_CLIENT",
  sessionSeconds: "DOWNBEAT_PULSAR_SESSION_SECONDS",
  "oauth.issuer": "DOWNBEAT_PULSAR_OAUTH_ISSUER",
  "oauth.clientId": "DOWNBEAT_PULSAR_OAUTH_CLIENT_ID",
  "oauth.clientSecret": "DOWNBEAT_PULSAR_OAUTH_CLIENT_SECRET",
  "oauth.keyFile": "DOWNBEAT_PULSAR_OAUTH_KEY_FILE",
  "oauth.audience": "DOWNBEAT_PULSAR_OAUTH_AUDIENCE",
  "oauth.scope": "DOWNBEAT_PULSAR_OAUTH_SCOPE",
} as const;

export const secretVariables: ReadonlySet<string> = new Set([
  "DOWNBEAT_PULSAR_TOKEN",
  "DOWNBEAT_PULSAR_OAUTH_CLIENT_SECRET",
]);
