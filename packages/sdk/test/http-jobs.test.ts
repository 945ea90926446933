import type { IncomingHttpHeaders } from "node:http";
import type { Clock } from "@downbeat/message-log";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { httpHandler } from "../src/http/http-handler.ts";
import { type HttpJob, httpJobs } from "../src/http/index.ts";
import { retryAfterMs } from "../src/http/retry-after.ts";
import { serviceOf } from "../src/http/service.ts";
import { BusinessError, job } from "../src/index.ts";
import { answers, call, contextOf, cutsOff, openService, stalls, told } from "./http-service.ts";
import { until } from "./open-log.ts";

test("posts the input as JSON, with headers that name the attempt", async () => {
  let seen: unknown;
  await using service = await openService((request, response, body) => {
    const { method, headers } = request;
    seen = { method, body, headers };
    response.end('{"room":7}');
  });
  expect(await call({ url: service.url, headers: { Authorization: "Bearer x" } }, { nights: 2 })).toEqual({
    room: 7,
  });
  expect(seen).toMatchObject({
    method: "POST",
    body: '{"nights":2}',
    headers: {
      "content-type": "application/json",
      accept: "application/json",
      authorization: "Bearer x",
      "idempotency-key": "bestellung-%C3%BC/j1",
      "downbeat-run-id": "bestellung-%C3%BC",
      "downbeat-job-id": "j1",
      "downbeat-attempt": "2",
    },
  });
});

test.each<[string, string | undefined, Uint8Array]>([
  ["UTF-8 where nothing is said", undefined, Buffer.from('{"city":"Zürich"}')],
  ["UTF-8 behind a byte order mark", "application/json", Buffer.from('\ufeff{"city":"Zürich"}')],
  ["Latin 1", "application/json; charset=ISO-8859-1", Buffer.from('{"city":"Zürich"}', "latin1")],
  ["UTF-16, in quotes", 'application/json;charset="utf-16le"', Buffer.from('{"city":"Zürich"}', "utf16le")],
  ["UTF-8 where the name is none", "application/json; charset=nonsense", Buffer.from('{"city":"Zürich"}')],
])("reads an answer in the encoding that the service names: %s", async (_, type, body) => {
  await using service = await openService((_request, response) => {
    if (type !== undefined) response.setHeader("content-type", type);
    response.end(body);
  });
  expect(await call({ url: service.url }, null)).toEqual({ city: "Zürich" });
});

describe("what a body says of an error", () => {
  test.each<[string, unknown, object]>([
    [
      "all",
      { error: { name: "HotelFull", message: "No room.", business: true, details: { nights: 3 } } },
      { kind: "business", name: "HotelFull", message: "No room.", details: { nights: 3 } },
    ],
    [
      "no name",
      { error: { message: "full", business: true } },
      { kind: "business", name: "Http402", message: "full" },
    ],
    [
      "no message",
      { error: { name: "Full", business: true } },
      {
        kind: "business",
        name: "Full",
        message: expect.stringMatching(/^POST http:.*\/book answered 402: /),
      },
    ],
    ["only that it is business", { error: { business: true } }, { kind: "business", name: "Http402" }],
    [
      "fields of wrong kinds",
      { error: { name: 7, message: { a: 1 }, business: true, details: [1] } },
      { kind: "business", name: "Http402", details: [1] },
    ],
    [
      "a wrong kind of business",
      { error: { name: "Odd", business: "yes" } },
      { kind: "invalid", name: "Odd" },
    ],
    ["nothing", {}, { kind: "invalid", name: "Http402" }],
    ["no error", { error: "no" }, { kind: "invalid", name: "Http402" }],
  ])("%s", async (_, body, expected) => {
    await using service = await openService(answers(402, body));
    expect(await told(call({ url: service.url }))).toMatchObject(expected);
  });
});

describe("Retry-After", () => {
  const date = "Thu, 26 Nov 2026 10:00:00 GMT";

  test.each<[string, IncomingHttpHeaders, number | undefined]>([
    ["seconds", { "retry-after": "30" }, 30_000],
    ["none", { "retry-after": "0" }, 0],
    ["a date, by the service's own clock", { "retry-after": "Thu, 26 Nov 2026 10:02:00 GMT", date }, 120_000],
    ["a date in the past", { "retry-after": "Thu, 26 Nov 2026 09:02:00 GMT", date }, 0],
    ["a date far away", { "retry-after": "Fri, 26 Nov 2027 09:02:00 GMT", date }, 86_400_000],
    ["too many seconds", { "retry-after": "99999999999999999999999" }, 86_400_000],
    ["a date without a clock", { "retry-after": "Thu, 26 Nov 1998 09:02:00 GMT" }, 0],
    ["a fraction", { "retry-after": "1.5" }, undefined],
    ["less than nothing", { "retry-after": "-5" }, undefined],
    ["a year", { "retry-after": "2027-01-01" }, undefined],
    ["a word", { "retry-after": "soon" }, undefined],
    ["an empty text", { "retry-after": "" }, undefined],
    ["nothing", {}, undefined],
  ])("%s", (_, headers, expected) => {
    expect(retryAfterMs(headers)).toBe(expected);
  });

  test("is never more than a day, nor anything odd, whatever it holds", () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (text, date) => {
        const ms = retryAfterMs({ "retry-after": text, date });
        expect(ms === undefined || (ms >= 0 && ms <= 86_400_000)).toBe(true);
      }),
    );
  });
});

describe("an answer that does not come whole", () => {
  test("no server: the address, and why", async () => {
    expect(await told(call({ url: "http://127.0.0.1:1/book?token=abc" }))).toMatchObject({
      kind: "technical",
      name: "HttpUnreachable",
      message: expect.stringMatching(/^POST http:\/\/127\.0\.0\.1:1\/book: .*ECONNREFUSED/),
    });
  });

  test.each([
    [
      "stalls",
      stalls(200),
      "HttpTimeout",
      /^POST http:.*\/book answered 200, and its body stalled after 8 bytes: no whole answer within 200 ms$/,
    ],
    [
      "is cut off",
      cutsOff(200),
      "HttpUnreachable",
      /^POST http:.*\/book answered 200, and its body was cut off after 8 bytes: /,
    ],
    [
      "is cut off, of an error",
      cutsOff(500),
      "HttpUnreachable",
      /^POST http:.*\/book answered 500, and its body was cut off/,
    ],
  ])("a body that %s is technical, and says where", async (_, serve, name, message) => {
    await using service = await openService(serve);
    expect(await told(call({ url: service.url, timeoutMs: 200 }))).toMatchObject({
      kind: "technical",
      name,
      message: expect.stringMatching(message),
    });
  });

  test("the worker's signal ends the request", async () => {
    let closed = false;
    const controller = new AbortController();
    await using service = await openService((request) => {
      request.socket.on("close", () => {
        closed = true;
      });
      controller.abort(new Error("stopping"));
    });
    await expect(call({ url: service.url }, 1, { signal: controller.signal })).rejects.toThrow("stopping");
    await until(() => closed);
    await expect(call({ url: service.url }, 1, { signal: controller.signal })).rejects.toThrow("stopping");
  });
});

test("a service may take as long as its time limit says, also longer than five minutes, and than Node's timers hold", async () => {
  let answer = (): void => {};
  await using service = await openService((_request, response) => {
    answer = () => response.end("1");
  });
  const timers: { callback: () => void; ms: number }[] = [];
  const clock: Clock = {
    now: () => 0,
    setTimer: (callback, ms) => {
      expect(ms).toBeLessThan(2 ** 31);
      timers.push({ callback, ms });
      return () => void timers.splice(0);
    },
  };
  const timeoutMs = 60 * 86_400_000;
  const handler = httpHandler(serviceOf("x", { url: service.url }), { timeoutMs, clock });
  for (const isAnswered of [true, false]) {
    answer = () => {};
    let settled = false;
    const result = handler(1, contextOf());
    void result.finally(() => (settled = true)).catch(() => {});
    const before = answer;
    await until(() => answer !== before);
    let passed = 0;
    while (passed < timeoutMs - 1) {
      const [timer] = timers.splice(0);
      passed += timer?.ms ?? timeoutMs;
      expect(settled).toBe(false);
      if (passed < timeoutMs) timer?.callback();
      else timers.push({ callback: () => timer?.callback(), ms: 0 });
    }
    if (isAnswered) {
      answer();
      expect(await result).toBe(1);
      continue;
    }
    timers.splice(0)[0]?.callback();
    await expect(result).rejects.toThrow(`no answer within ${timeoutMs} ms`);
  }
});

test("as long as a service is waited for, its attempt's heart beats", async () => {
  let beats = 0;
  let answer = (): void => {};
  await using service = await openService((_request, response) => {
    answer = () => response.end('"slow"');
  });
  const result = call({ url: service.url }, 1, {
    heartbeatMs: 100,
    heartbeat: () => {
      beats += 1;
      if (beats === 6) answer();
    },
  });
  expect(await result).toBe("slow");
  const then = beats;
  await until(() => new Promise((resolve) => setTimeout(() => resolve(true), 80)));
  expect(beats).toBe(then);
  // Where nobody listens, and with limits that no timer holds.
  for (const heartbeatMs of [undefined, 100 * 366 * 86_400_000]) {
    service.serve = answers(200, 1);
    beats = 0;
    await call({ url: service.url }, 1, { heartbeatMs, heartbeat: () => void beats++ });
    expect(beats).toBe(0);
  }
});

describe("secrets", () => {
  const secret = "s3cr3t-P4ss";

  test("a user and password in an address are sent as a header", async () => {
    let authorization: string | undefined;
    await using service = await openService(({ headers }, response) => {
      authorization = headers.authorization;
      response.end("1");
    });
    await call({ url: service.url.replace("//", `//ann%40x:${secret}%C3%BC@`) });
    const [scheme, value = ""] = (authorization ?? "").split(" ");
    expect([scheme, Buffer.from(value, "base64").toString()]).toEqual(["Basic", `ann@x:${secret}ü`]);
  });

  test("nothing of them, nor of a header's value, is kept, whatever a service does", async () => {
    await using service = await openService();
    const withUser = service.url.replace("//", `//annabel:${secret}@`);
    const jobs: HttpJob[] = [
      { url: withUser, timeoutMs: 100 },
      {
        url: service.url,
        timeoutMs: 100,
        headers: { Authorization: `Bearer ${secret}`, "X-Key": `${secret}2` },
      },
      { url: `http://annabel:${secret}@127.0.0.1:1/book` },
    ];
    const echo =
      (status: number) =>
      (
        request: { headers: object },
        response: { writeHead(status: number): void; end(text: string): void },
      ) => {
        response.writeHead(status);
        response.end(
          JSON.stringify({
            error: {
              name: `N ${secret}`,
              message: JSON.stringify(request.headers),
              details: { [secret]: [request.headers] },
            },
          }),
        );
      };
    const text = (request: { headers: object }, response: { end(text: string): void }) =>
      response.end(`no JSON: ${JSON.stringify(request.headers)}`);
    const serves = [...[302, 400, 409, 429, 500, 503].map(echo), text, stalls(200), cutsOff(200), () => {}];
    for (const options of jobs) {
      for (const serve of serves) {
        service.serve = serve;
        const { kind, kept = "" } = await told(call(options));
        expect(kind).not.toBe("result");
        expect(kept).not.toContain(secret);
        expect(kept).not.toContain("annabel");
        expect(kept).not.toContain(Buffer.from(`annabel:${secret}`).toString("base64"));
      }
    }
  });

  test("what anybody may see is left as it is", async () => {
    await using service = await openService(
      answers(409, { error: { name: "Full", message: "for Downbeat/1, and accept" } }),
    );
    const error = await call({ url: service.url, headers: { "User-Agent": "Downbeat/1" } }).catch(
      (thrown: unknown) => thrown,
    );
    expect(error).toBeInstanceOf(BusinessError);
    expect((error as Error).message).toBe("for Downbeat/1, and accept");
  });
});

describe("options that can't be", () => {
  const url = "http://127.0.0.1:1/book";
  const slow = job("book", { startToCloseMs: 20_000 });

  test.each<[string, Record<string, unknown>, RegExp]>([
    ["no address", {}, /url is an address that begins with http:\/\/ or https:\/\/\.$/],
    ["an address of another kind", { url: "ftp://hidden:hidden@x/" }, /url is an address/],
    ["half an address", { url: "http://ann:hidden@:x/" }, /url is an address/],
    ["headers that are a text", { url, headers: "hidden" }, /headers are texts by name/],
    [
      "a header that is no text",
      { url, headers: { authorization: 4711 } },
      /headers\.authorization can't be sent/,
    ],
    [
      "a header with a line break",
      { url, headers: { authorization: "hidden\r\nx: y" } },
      /headers\.authorization can't be sent/,
    ],
    [
      "a header of other letters",
      { url, headers: { "x-name": "hidden 漢" } },
      /headers\.x-name can't be sent/,
    ],
    [
      "a header's name with a space",
      { url, headers: { "x name": "hidden" } },
      /"x name" can't name a header/,
    ],
    [
      "a header that is ours",
      { url, headers: { "Idempotency-Key": "hidden" } },
      /headers\.Idempotency-Key is set for each attempt/,
    ],
    [
      "a header that names the attempt",
      { url, headers: { "downbeat-run-id": "hidden" } },
      /is set for each attempt/,
    ],
    ["the type of the body", { url, headers: { "Content-Type": "hidden" } }, /is set for each attempt/],
    ["a header twice", { url, headers: { "X-A": "hidden", "x-a": "hidden" } }, /headers\.x-a is given twice/],
    [
      "a user twice",
      { url: "http://hidden:hidden@x/", headers: { authorization: "hidden" } },
      /a user in its url and headers\.authorization/,
    ],
    ["no time at all", { url, timeoutMs: 0 }, /timeoutMs can't be 0/],
    ["a time that is none", { url, timeoutMs: Number.NaN }, /timeoutMs can't be/],
    [
      "more time than the job has",
      { url, timeoutMs: 20_000, job: slow },
      /timeoutMs can't be 20000: the job's startToCloseMs is 20000/,
    ],
    [
      "more time than a job has",
      { url, timeoutMs: 400_000, job: job("book") },
      /the job's startToCloseMs is 300000/,
    ],
    ["another job's definition", { url, job: job("else") }, /job is the definition of "else"/],
    ["a typing error", { url, timeoutMS: 5 }, /There is no option timeoutMS; did you mean timeoutMs\?/],
    ["a concurrency that is none", { url, concurrency: Number.NaN }, /concurrency can't be/],
  ])("%s: refused when httpJobs() is called, and nothing secret is shown", (_, options, sentence) => {
    let said = "";
    try {
      httpJobs({ book: options as unknown as HttpJob });
    } catch (error) {
      said = (error as Error).message;
    }
    expect(said).toMatch(sentence);
    expect(said).toContain('the HTTP job "book"');
    expect(said).not.toMatch(/hidden|4711/);
  });

  test("no jobs at all, and a name that can't be a job's", () => {
    expect(() => httpJobs(undefined as never)).toThrow(
      "httpJobs() takes HTTP jobs by their names, and was given undefined.",
    );
    expect(() => httpJobs({ "a b": { url: "http://x" } })).toThrow(`"a b" can't name a job`);
  });

  test("less time than the default, because the job has less, is none of them", () => {
    expect(() => httpJobs({ book: { url, job: slow } })).not.toThrow();
  });
});
