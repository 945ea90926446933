import { describe, expect, test } from "vitest";
import { z } from "zod";
import { type SignIn, signIn, signInVariables } from "./sign-in.ts";

const given = (variables: Record<string, string>): SignIn =>
  signIn(
    z
      .object(signInVariables)
      .parse(
        Object.fromEntries(
          Object.entries(variables).map(([name, value]) => [`DOWNBEAT_PULSAR_${name}`, value]),
        ),
      ),
  );

const client = {
  OAUTH_ISSUER: "https://issuer.example/",
  OAUTH_CLIENT_ID: "engine",
  OAUTH_CLIENT_SECRET: "secret",
};

describe("a process signs in", () => {
  test("with nothing, a token, a certificate, or a token and a certificate", () => {
    expect(given({})).toEqual({});
    expect(given({ TOKEN: "t", CA_FILE: "/ca" })).toEqual({ token: "t", caFile: "/ca" });
    expect(given({ CERT_FILE: "/c", KEY_FILE: "/k" })).toEqual({ certFile: "/c", keyFile: "/k" });
    expect(given({ TOKEN_FILE: "/t", CERT_FILE: "/c", KEY_FILE: "/k" })).toEqual({
      tokenFile: "/t",
      certFile: "/c",
      keyFile: "/k",
    });
  });

  test("as an OAuth client by id and secret, or by a key file with or without its issuer", () => {
    expect(given({ ...client, OAUTH_AUDIENCE: "urn:a", OAUTH_SCOPE: "b c" }).oauth).toEqual({
      issuer: "https://issuer.example/",
      clientId: "engine",
      clientSecret: "secret",
      audience: "urn:a",
      scope: "b c",
    });
    expect(given({ OAUTH_KEY_FILE: "/key.json" }).oauth).toEqual({ keyFile: "/key.json" });
    expect(given({ OAUTH_KEY_FILE: "/key.json", OAUTH_ISSUER: "http://127.0.0.1:9" }).oauth).toEqual({
      keyFile: "/key.json",
      issuer: "http://127.0.0.1:9",
    });
  });
});

test("what contradicts itself or is incomplete is refused in a sentence that names the variables, and no secret", () => {
  const refused: [Record<string, string>, RegExp][] = [
    [{ CERT_FILE: "/c" }, /DOWNBEAT_PULSAR_KEY_FILE is missing: .* belong together/],
    [{ KEY_FILE: "/k" }, /DOWNBEAT_PULSAR_CERT_FILE is missing/],
    [{ ...client, TOKEN: "t" }, /A token is given .* and an OAuth client .*: give one of them/],
    [{ ...client, TOKEN_FILE: "/t" }, /give one of them/],
    [{ ...client, OAUTH_KEY_FILE: "/k" }, /from DOWNBEAT_PULSAR_OAUTH_KEY_FILE or from .*: give one of them/],
    [
      { OAUTH_SCOPE: "a" },
      /needs DOWNBEAT_PULSAR_OAUTH_ISSUER and DOWNBEAT_PULSAR_OAUTH_CLIENT_ID and .*_SECRET, or .*_KEY_FILE\.$/,
    ],
    [
      { OAUTH_CLIENT_ID: "a", OAUTH_CLIENT_SECRET: "secret" },
      /^An OAuth client needs DOWNBEAT_PULSAR_OAUTH_ISSUER\.$/,
    ],
    [{ ...client, OAUTH_ISSUER: "issuer.example" }, /DOWNBEAT_PULSAR_OAUTH_ISSUER/],
    [{ ...client, OAUTH_ISSUER: "http://issuer.example" }, /http:\/\/ on this machine only/],
    [{ ...client, OAUTH_ISSUER: "https://me:pass@issuer.example" }, /without a user, a password/],
  ];
  for (const [variables, words] of refused) {
    expect(() => given(variables), JSON.stringify(variables)).toThrow(words);
    expect(() => given(variables)).not.toThrow(/"secret"|pass@/);
  }
});
