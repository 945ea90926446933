import { describe, expect, test } from "vitest";
import { type HttpAnswer, maxBodyBytes } from "../src/http/exchange.ts";
import { resultOf } from "../src/http/result.ts";
import { Secrets } from "../src/http/secrets.ts";
import { serviceOf } from "../src/http/service.ts";
import { refuseTooLate } from "../src/http/too-late.ts";
import { job } from "../src/index.ts";
import { answers, call, openService, told } from "./http-service.ts";

function secretsOf(...values: string[]): Secrets {
  const secrets = new Secrets();
  for (const value of values) secrets.add(value);
  return secrets;
}

describe("what was given to a service", () => {
  test("is taken out of texts, names and whatever holds them, and nothing else is changed", () => {
    const secrets = secretsOf("abcd", "Bearer tok-en1, key=wxyz");
    expect(secrets.hide({ a: ["x abcd y abcd", 7, null, true], "n tok-en1": { b: "wxyz" } })).toEqual({
      a: ["x [hidden] y [hidden]", 7, null, true],
      "n [hidden]": { b: "[hidden]" },
    });
    expect(secrets.hide("Bearer tok-en1, key=wxyz")).toBe("[hidden]");
    expect(secrets.hide(undefined)).toBeUndefined();
  });

  test("is left where it is a scheme, or so short that any text may hold it", () => {
    const secrets = secretsOf("Bearer x", "Basic y", "token abc", "ApiKey abc", "digest d");
    const text = "bearer Basic token apikey Digest abc x y";
    expect(secrets.hide(text)).toBe(text);
    expect(secretsOf("Bearers1").hide("Bearers1 a-token")).toBe("[hidden] a-token");
    expect(secretsOf("my-token").hide("my-token")).toBe("[hidden]");
  });

  test("is cut off where nobody looks", () => {
    const deep = (levels: number, inside: unknown): unknown =>
      levels === 0 ? inside : deep(levels - 1, levels % 2 === 0 ? [inside] : { a: inside });
    const shown = JSON.stringify(secretsOf("abcd").hide(deep(200, "abcd")));
    expect(shown).toContain("[nested too deeply]");
    expect(shown).not.toContain("abcd");
    expect(JSON.stringify(secretsOf("abcd").hide(deep(99, "abcd")))).toContain('"[hidden]"');
    const value = deep(200, "efgh");
    expect(new Secrets().hide(value)).toBe(value);
  });
});

describe("a service", () => {
  const urlOf = (url: unknown, headers?: Record<string, string>) => serviceOf("x", { url, headers });

  test("is shown without a user, a password, a query or a fragment, and the given address is left alone", () => {
    const given = new URL("http://ann:pass@host:1/a/b?token=1#f");
    const { url, shown, headers } = urlOf(given);
    expect([url.href, shown]).toEqual(["http://host:1/a/b?token=1#f", "http://host:1/a/b"]);
    expect(headers.authorization).toBe(`Basic ${Buffer.from("ann:pass").toString("base64")}`);
    expect(given.password).toBe("pass");
  });

  test.each([
    ["http://annabel@host/", "annabel:"],
    ["http://:password@host/", ":password"],
    ["http://a%zz:passwörd@host/", "a%zz:passwörd"],
  ])("with half a user is asked with it: %s", (given, user) => {
    const { url, headers, secrets } = urlOf(given);
    expect(headers.authorization).toBe(`Basic ${Buffer.from(user).toString("base64")}`);
    expect(url.href).toBe("http://host/");
    expect(secrets.hide("annabel, password, passwörd")).toContain("[hidden]");
  });

  test("with odd names of headers that are like ours is asked with them", () => {
    const odd = {
      "X-Host": "1",
      hosts: "2",
      "x-downbeat-run-id": "3",
      "content-types": "4",
      Accept: "text/x",
    };
    expect(urlOf("https://host/", odd).headers).toEqual({
      "x-host": "1",
      hosts: "2",
      "x-downbeat-run-id": "3",
      "content-types": "4",
      accept: "text/x",
    });
  });

  test("may say what anybody may see", () => {
    const open = { Accept: "text/plain", "Accept-Language": "de-CH", "User-Agent": "agent" };
    const { secrets } = urlOf("http://host/", { ...open, Cookie: "cookie-1" });
    expect(secrets.hide("text/plain de-CH agent cookie-1")).toBe("text/plain de-CH agent [hidden]");
  });

  test.each([null, [], ["a"], 7])("is not asked with headers that are %j", (headers) => {
    expect(() => serviceOf("x", { url: "http://host/", headers })).toThrow("headers are texts by name");
  });

  test.each(["xhttp://host/", "httpx://host/", "file:///x", "", "host", null, 7, { href: "http://host/" }])(
    "is not at %j",
    (url) => {
      expect(() => urlOf(url)).toThrow("url is an address that begins with http:// or https://.");
    },
  );

  test("that is asked for over TLS is asked so", async () => {
    await using service = await openService(answers(200, 1));
    const { kind, message } = await told(call({ url: service.url.replace("http:", "https:") }));
    expect(kind).toBe("technical");
    expect(message).toMatch(/^POST https:.*(?:SSL|EPROTO|packet|wrong version)/);
  });
});

describe("an answer", () => {
  const service = serviceOf("x", { url: "http://host/book", headers: { "x-key": "abcd" } });
  const of = (status: number, text: string, more: Partial<HttpAnswer> = {}) =>
    told((async () => resultOf({ status, text, headers: {}, isTooLong: false, ...more }, service))());

  test.each([
    [199, "invalid"],
    [200, "result"],
    [299, "result"],
    [300, "invalid"],
    [399, "invalid"],
    [400, "invalid"],
    [408, "technical"],
    [409, "business"],
    [422, "business"],
    [425, "technical"],
    [429, "technical"],
    [499, "invalid"],
    [500, "technical"],
    [599, "technical"],
  ])("of status %i is %s", async (status, kind) => {
    expect((await of(status, "")).kind).toBe(kind);
  });

  test.each([
    [399, "invalid"],
    [400, "business"],
    [499, "business"],
    [500, "technical"],
  ])("of status %i that calls itself business is %s", async (status, kind) => {
    expect((await of(status, '{"error":{"business":true}}')).kind).toBe(kind);
  });

  test("is shown by its beginning, without what the service was given", async () => {
    const { message: error } = await of(404, `abcd${"x".repeat(1_000)}`);
    expect(error).toBe(`POST http://host/book answered 404: [hidden]${"x".repeat(496)}`);
    const { message: odd, name } = await of(200, `abcd${"x".repeat(1_000)}`);
    expect([name, odd]).toEqual([
      "InvalidResponse",
      `POST http://host/book answered 200 with what is no JSON: [hidden]${"x".repeat(196)}`,
    ]);
    expect((await of(404, "")).message).toBe("POST http://host/book answered 404");
  });

  test("with empty texts in its body says as much as one without", async () => {
    expect(await of(400, '{"error":{"name":"","message":"","business":true}}')).toMatchObject({
      kind: "business",
      name: "Http400",
      message: expect.stringContaining("answered 400"),
    });
  });

  test("says when to try again only where that may help", async () => {
    const headers = { "retry-after": "7" };
    expect((await of(503, "", { headers })).retryAfterMs).toBe(7_000);
    expect((await of(503, "")).retryAfterMs).toBeUndefined();
    expect((await of(404, "", { headers })).retryAfterMs).toBeUndefined();
  });

  test("that is exactly as long as it may be is read", async () => {
    await using at = await openService(answers(200, `1${" ".repeat(maxBodyBytes - 1)}`));
    expect(await call({ url: at.url })).toBe(1);
    at.serve = answers(200, `1${" ".repeat(maxBodyBytes)}`);
    expect(await told(call({ url: at.url }))).toMatchObject({
      kind: "invalid",
      name: "ResponseTooLarge",
      message: `POST ${at.url} answered 200 with more than 393216 bytes.`,
    });
  });

  test("without a body is null, as an input may be", async () => {
    let body = "";
    await using at = await openService((_request, response, given) => {
      body = given;
      response.end();
    });
    expect(await call({ url: at.url }, null)).toBeNull();
    expect(body).toBe("null");
  });
});

test("a time limit has to be shorter than the job's, where that is known", () => {
  const limited = { url: "", job: job("book", { startToCloseMs: 20_000 }) };
  expect(() => refuseTooLate("x", { ...limited, timeoutMs: 19_999 })).not.toThrow();
  expect(() => refuseTooLate("x", { ...limited, timeoutMs: 20_000 })).toThrow("startToCloseMs is 20000");
  expect(() => refuseTooLate("x", limited)).not.toThrow();
  expect(() => refuseTooLate("x", { url: "", timeoutMs: 1e9 })).not.toThrow();
  expect(() => refuseTooLate("x", { url: "", timeoutMs: 300_000, job: {} })).toThrow("is 300000");
});
