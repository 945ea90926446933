import { randomUUID } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { Events, OAuth2Server } from "oauth2-mock-server";
import { onTestFinished } from "vitest";
import { z } from "zod";

export interface Word {
  header: Record<string, unknown>;
  payload: Record<string, unknown>;
}

/** A real provider on this machine, that says of whoever comes what the test wants. */
export async function openProvider() {
  const oauth = new OAuth2Server();
  await oauth.issuer.keys.generate("RS256");
  await oauth.start(0, "localhost");
  const stop = async () => {
    if (oauth.listening) await oauth.stop();
  };
  onTestFinished(stop);
  const { service } = oauth;
  const world = {
    change: (_: Word) => {},
    token: (idToken: string) => idToken,
    allows: true,
    isUsedUp: false,
  };
  service.on(Events.BeforeTokenSigning, (word: Word) => {
    Object.assign(word.payload, { sub: "00u1", name: "Ada Lovelace", realm_access: { roles: ["ops", "x"] } });
    world.change(word);
  });
  service.on(Events.BeforeAuthorizeRedirect, ({ url }: { url: URL }) => {
    if (world.allows) return;
    url.searchParams.delete("code");
    url.searchParams.set("error", "access_denied");
  });
  service.on(Events.BeforeResponse, (answer: { statusCode: number; body: Record<string, unknown> }) => {
    if (world.isUsedUp) {
      answer.statusCode = 400;
      answer.body = { error: "invalid_grant" };
      return;
    }
    answer.body.id_token = world.token(String(answer.body.id_token));
  });
  const issuer = oauth.issuer.url ?? "";
  /** A token of whoever asks with it, for this application. */
  const sign = (claims: object, kid?: string): Promise<string> =>
    oauth.issuer.buildToken({
      ...(kid !== undefined && { kid }),
      scopesOrTransform: (_, payload) =>
        Object.assign(payload, {
          sub: "00u1",
          name: "Ada Lovelace",
          realm_access: { roles: ["ops", "x"] },
          aud: "downbeat-api",
          ...claims,
        }),
    });
  const device = withDeviceFlow(oauth, sign);
  return { issuer, world, stop, sign, device, keys: oauth.issuer.keys };
}

/** What the command line asks of a provider: a code, whether it was used by now, and another token for a refresh token. */
function withDeviceFlow({ service, issuer }: OAuth2Server, sign: (claims: object) => Promise<string>) {
  const device = {
    isOn: false,
    /** What came of the code by now. */
    says: "authorization_pending",
    expiresIn: 600,
    tokenExpiresIn: 3_600,
    claims: {},
    polls: 0,
    refreshes: 0,
    revoked: [] as string[],
    /** The refresh token that is good: each is taken once. */
    refreshToken: "",
  };
  service.on(Events.BeforeWellKnownOpenIdConfiguration, ({ body }: { body: Record<string, unknown> }) => {
    if (!device.isOn) return;
    body.device_authorization_endpoint = `${issuer.url}/device`;
    body.token_endpoint = `${issuer.url}/token-for-all`;
    body.revocation_endpoint = `${issuer.url}/revoke-one`;
  });
  service.addRoute("POST", "/device", (_, response) => {
    json(response, 200, {
      device_code: "the-device-code",
      user_code: "WDJB-MJHT",
      verification_uri: `${issuer.url}/activate`,
      verification_uri_complete: `${issuer.url}/activate?user_code=WDJB-MJHT`,
      expires_in: device.expiresIn,
      interval: 1,
    });
  });
  const give = async (response: ServerResponse) => {
    device.refreshToken = randomUUID();
    const now = Math.floor(Date.now() / 1_000);
    const exp = now + device.tokenExpiresIn;
    json(response, 200, {
      access_token: await sign({ ...device.claims, exp }),
      token_type: "Bearer",
      expires_in: device.tokenExpiresIn,
      refresh_token: device.refreshToken,
      id_token: await sign({ ...device.claims, aud: "downbeat-cli", exp }),
    });
  };
  service.addRoute("POST", "/token-for-all", async (request: IncomingMessage, response: ServerResponse) => {
    const body = bodyOf(request);
    if (body.grant_type === "refresh_token") {
      device.refreshes += 1;
      if (body.refresh_token !== device.refreshToken) return json(response, 400, { error: "invalid_grant" });
      return give(response);
    }
    device.polls += 1;
    return device.says === "yes" ? give(response) : json(response, 400, { error: device.says });
  });
  service.addRoute("POST", "/revoke-one", (request: IncomingMessage, response: ServerResponse) => {
    device.revoked.push(bodyOf(request).token ?? "");
    response.writeHead(200);
    response.end();
  });
  return device;
}

/** As the provider has read it. */
function bodyOf(request: IncomingMessage): Readonly<Record<string, string>> {
  return z.record(z.string(), z.string()).parse(Reflect.get(request, "body"));
}

function json(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { "content-type": "application/json", "cache-control": "no-store" });
  response.end(JSON.stringify(body));
}
