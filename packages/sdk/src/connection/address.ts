import { boundedText } from "../thrown/bounded-text.ts";
import { shownText } from "../thrown/shown-value.ts";

const example = "ws://127.0.0.1:8080";
const schemes = ["ws:", "wss:", "http:", "https:", "pulsar:", "pulsar+ssl:"];

/**
 * What an address says, as the variables say it: of the web service (`ws`, `wss`, or `http`, `https`, which is the same one), or of the brokers
 * (`pulsar`, `pulsar+ssl`), which the native client is for; the web service is then expected at its usual port there.
 *
 * @throws TypeError that says what an address looks like
 */
export function addressVariables(address: unknown): Readonly<Record<string, string>> {
  const url = typeof address === "string" ? URL.parse(address) : null;
  const isSecret = typeof address === "string" && /[@?#]/.test(address);
  const port = typeof address === "string" && !isSecret ? portOf(address) : undefined;
  if (url === null && port !== undefined)
    throw new TypeError(
      `connect() can't take ${boundedText(shownText(address, 100), 100)}: its port is ${shownText(port, 20)}, and a port is a number from 1 to 65535.`,
    );
  if (url === null || !schemes.includes(url.protocol) || url.hostname === "") {
    const shown = isSecret ? "this address" : boundedText(shownText(address, 100), 100);
    throw new TypeError(
      `connect() can't take ${shown}: an address begins with ws://, wss://, http://, https://, pulsar:// or pulsar+ssl://, such as ${example}.`,
    );
  }
  if (url.username !== "" || url.password !== "" || url.search !== "" || url.hash !== "")
    throw new TypeError(
      `connect() takes an address alone, such as ${example}, without a user, a password or anything after a question mark; a token is an option: connect("${example}", { token }).`,
    );
  if (url.pathname !== "" && url.pathname !== "/")
    throw new TypeError(
      `connect() takes an address without a path, such as ${example}, not ${shownText(address, 100)}; tenant and namespace are options: connect("${example}", { tenant, namespace }).`,
    );
  const isSecure = ["wss:", "https:", "pulsar+ssl:"].includes(url.protocol);
  const webScheme = isSecure ? "wss" : "ws";
  if (!url.protocol.startsWith("pulsar")) return { DOWNBEAT_LOG_URL: `${webScheme}://${url.host}` };
  return {
    DOWNBEAT_LOG_URL: `${webScheme}://${url.hostname}:${isSecure ? 8443 : 8080}`,
    DOWNBEAT_PULSAR_BROKER_URL: `${url.protocol}//${url.host}`,
    DOWNBEAT_PULSAR_CLIENT: "native",
  };
}

/** What stands where a port does, where all before it could be taken. */
function portOf(address: string): string | undefined {
  const [, scheme = "", host = "", port] = /^([a-z+]+:)\/\/(\[[^\]]*\]|[^:/]+):([^/]*)/i.exec(address) ?? [];
  return schemes.includes(scheme.toLowerCase()) && URL.canParse(`http://${host}`) ? port : undefined;
}
