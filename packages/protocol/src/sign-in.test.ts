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

test("an issuer is asked over https, or over http on this machine, and its address holds nothing else", () => {
  const issuer = (url: string) => given({ ...client, OAUTH_ISSUER: url }).oauth?.issuer;
  for (const url of [
    "https://issuer.example",
    "http://localhost:9",
    "http://127.0.0.1:9",
    "http://[::1]:9",
    "https://localhost/path",
  ])
    expect(issuer(url)).toBe(url);
  for (const url of [
    "http://issuer.example",
    "https://me@issuer.example",
    "https://:pass@issuer.example",
    "https://issuer.example?a=b",
    "xhttp://localhost",
    "httpx://localhost",
    "ws://localhost",
  ])
    expect(() => issuer(url), url).toThrow("DOWNBEAT_PULSAR_OAUTH_ISSUER");
});

test("what is no address at all is said once", () => {
  const { error } = signInVariables.DOWNBEAT_PULSAR_OAUTH_ISSUER.safeParse("issuer.example");
  expect(error?.issues).toHaveLength(1);
});

test("a token has no spaces and no line breaks", () => {
  for (const token of ["", " t", "t ", "t\n", "a b", "é"])
    expect(() => given({ TOKEN: token }), JSON.stringify(token)).toThrow(
      "a token without spaces and line breaks",
    );
  expect(given({ TOKEN: "!aA0.~" })).toEqual({ token: "!aA0.~" });
});

test.each([
  "TOKEN_FILE",
  "CA_FILE",
  "CERT_FILE",
  "KEY_FILE",
  "OAUTH_CLIENT_ID",
  "OAUTH_CLIENT_SECRET",
  "OAUTH_KEY_FILE",
  "OAUTH_AUDIENCE",
  "OAUTH_SCOPE",
])("an empty %s says nothing, and is refused", (variable) => {
  expect(() => given({ [variable]: "" })).toThrow(`DOWNBEAT_PULSAR_${variable}`);
});

test("an OAuth client has its id and its secret from one place", () => {
  for (const own of [{ OAUTH_CLIENT_ID: "a" }, { OAUTH_CLIENT_SECRET: "b" }])
    expect(() => given({ ...own, OAUTH_KEY_FILE: "/k" })).toThrow("give one of them");
  expect(() => given({ OAUTH_ISSUER: "https://i.example", OAUTH_CLIENT_ID: "a" })).toThrow(
    "An OAuth client needs DOWNBEAT_PULSAR_OAUTH_CLIENT_SECRET, or DOWNBEAT_PULSAR_OAUTH_KEY_FILE.",
  );
  expect(() => given({ OAUTH_ISSUER: "https://i.example", OAUTH_CLIENT_SECRET: "b" })).toThrow(
    "An OAuth client needs DOWNBEAT_PULSAR_OAUTH_CLIENT_ID, or DOWNBEAT_PULSAR_OAUTH_KEY_FILE.",
  );
});
