import { encryptedOf, encryptedPayload, type Failure, type RunEvent } from "@downbeat/domain";
import type { DecisionSession, Question } from "@downbeat/protocol";
import { describe, expect, test } from "vitest";
import { mayBeEncrypted, withPayloads } from "../../src/codec/carried-payloads.ts";
import {
  decryptedFailure,
  encryptedFailure,
  withEncryptedDetails,
} from "../../src/codec/encrypted-failure.ts";
import { EncryptedSession } from "../../src/codec/encrypted-session.ts";
import { Payloads } from "../../src/codec/payloads.ts";
import { PayloadError } from "../../src/payload.ts";

/** Holds the text as it is: what counts here is what is encrypted, and what is not. */
const sealed = (data: string, of?: "error") =>
  encryptedPayload({
    v: 1,
    alg: "own",
    key: "k-1",
    nonce: "",
    data: Buffer.from(data).toString("base64url"),
    ...(of && { of }),
  });
const encode = async (payload: string, of?: "error") => sealed(payload, of);
const decode = async (payload: string) =>
  Buffer.from(encryptedOf(payload)?.data ?? "", "base64url").toString();

describe("The payloads of a command, a decision or an event", () => {
  const changes = {
    payload: async (payload: string, name: string) => `${name} ${payload}`,
    failure: async (failure: Failure) => ({ ...failure, message: "hidden" }),
  };
  const failure: Failure = { kind: "code", name: "E", message: "quotes what it was given" };

  test("are those of these names, in its decisions too, and nothing else is touched", async () => {
    const answer = {
      runId: "input",
      input: "1",
      output: "2",
      payload: "3",
      details: "4",
      failure,
      decisions: [
        { type: "ScheduleJob", input: "5" },
        { type: "FailRun", failure },
      ],
    };
    expect(await withPayloads(answer, changes)).toEqual({
      runId: "input",
      input: "input 1",
      output: "output 2",
      payload: "payload 3",
      details: "details 4",
      failure: { ...failure, message: "hidden" },
      decisions: [
        { type: "ScheduleJob", input: "input 5" },
        { type: "FailRun", failure: { ...failure, message: "hidden" } },
      ],
    });
  });

  test("are none in what has none: that stays what it was", async () => {
    const none = { type: "TimerFired", input: 7 };
    expect(await withPayloads(none, changes)).toBe(none);
  });

  test("are looked for where an envelope, or a failure with one, may be", () => {
    for (const name of ["input", "output", "payload", "details"]) {
      expect(mayBeEncrypted({ [name]: sealed("x") }), name).toBe(true);
      expect(mayBeEncrypted({ [name]: '{"a":"$encrypted"}' }), name).toBe(false);
    }
    expect(mayBeEncrypted({ labels: sealed("x"), input: 7 })).toBe(false);
    expect(mayBeEncrypted({ failure: { ...failure, details: sealed("x") } })).toBe(true);
    expect(mayBeEncrypted({ failure, cause: sealed("x") })).toBe(false);
    expect(mayBeEncrypted({ failure: undefined, other: { details: sealed("x") } })).toBe(false);
    expect(mayBeEncrypted({ failure: null })).toBe(false);
  });
});

describe("An error", () => {
  const failure: Failure = {
    kind: "timeout",
    name: "E",
    message: "for Ada",
    stack: "at Ada",
    details: '{"iban":1}',
    timeout: "startToClose",
    causes: [
      { depth: 1, name: "C", message: "of Ada", details: '{"iban":2}' },
      { depth: 2, name: "D", message: "no details" },
    ],
  };

  test("is encrypted as a whole but for its kind and name, and is what it was when it is read", async () => {
    const hidden = await encryptedFailure(failure, encode);
    const { details, ...shown } = hidden;
    expect(shown).toEqual({
      kind: "timeout",
      name: "E",
      message: "Encrypted with key k-1.",
      timeout: "startToClose",
    });
    expect(encryptedOf(details ?? "")?.of).toBe("error");
    expect(await decryptedFailure(hidden, decode)).toEqual(failure);
    const { timeout: _, ...without } = failure;
    expect(await encryptedFailure(without, encode)).not.toHaveProperty("timeout");
  });

  test("that is too long leaves its stack and causes out, then its details, then all", async () => {
    const long = "x".repeat(200_000);
    const told = async (more: Partial<Failure>) => {
      const { message, stack, details, causes } = await decryptedFailure(
        await encryptedFailure({ ...failure, ...more }, encode),
        decode,
      );
      return { message, stack, details, causes };
    };
    const { message, details } = failure;
    expect(await told({ stack: long })).toEqual({ message, details });
    expect(await told({ stack: long, details: JSON.stringify(long) })).toEqual({ message });
    expect(await told({ message: long })).toEqual({ message: "Encrypted with key k-1." });
  });

  test("stays as it is where what it holds is no error", async () => {
    const odd: Failure = { ...failure, details: sealed('{"message":7}', "error") };
    expect(await decryptedFailure(odd, decode)).toEqual(odd);
  });

  test("may have its details encrypted alone, and those of its causes", async () => {
    const hidden = await withEncryptedDetails(failure, encode);
    expect(hidden).toEqual({
      ...failure,
      details: sealed('{"iban":1}'),
      causes: [
        { depth: 1, name: "C", message: "of Ada", details: sealed('{"iban":2}') },
        { depth: 2, name: "D", message: "no details" },
      ],
    });
    expect(await decryptedFailure(hidden, decode)).toEqual(failure);
    const { details: _, causes: __, ...plain } = failure;
    expect(await withEncryptedDetails(plain, encode)).toStrictEqual(plain);
    expect(await decryptedFailure(plain, decode)).toStrictEqual(plain);
  });

  test("has details of causes left out that are too long, and those that were cut made a text", async () => {
    const of = (details: string): Failure => ({
      ...failure,
      causes: [{ depth: 1, name: "C", message: "m", details }],
    });
    const [long] = (await withEncryptedDetails(of(JSON.stringify("x".repeat(4_000))), encode)).causes ?? [];
    expect(long).toStrictEqual({ depth: 1, name: "C", message: "m" });
    const [cut] = (await withEncryptedDetails(of('{"iban":'), encode)).causes ?? [];
    expect(cut?.details).toBe(sealed(JSON.stringify('{"iban":')));
  });

  test("with details that are not encrypted keeps them", async () => {
    expect(await decryptedFailure(failure, decode)).toEqual(failure);
  });
});

describe("Code in this process", () => {
  const started: RunEvent = { type: "RunStarted", workflow: "w", input: sealed('"in"') };
  const asked: Question = {
    runId: "r",
    workflow: "w",
    history: [
      { seq: 1, at: 0, event: started },
      { seq: 2, at: 0, event: { type: "JobCompleted", jobId: "j1", output: sealed('"out"') } },
    ],
  };

  function session(own: Partial<DecisionSession> = {}, decoded = decode) {
    const calls: [string, unknown?][] = [];
    const likes: unknown[] = [];
    const inner: DecisionSession = {
      ask: async (question) => {
        calls.push(["ask", question.history.map(({ event }) => event)]);
        return [{ type: "CompleteRun", output: "1" }];
      },
      check: async (_, offer) => void calls.push(["check", offer]),
      forget: (runId) => void calls.push(["forget", runId]),
      close: () => void calls.push(["close"]),
      ...own,
    };
    const payloads = new Payloads({
      encode: (payload, { like }) => {
        likes.push(like);
        return sealed(payload);
      },
      decode: decoded,
    });
    return { session: new EncryptedSession(inner, payloads), calls, likes };
  }

  test("is told plain values, each decrypted once, and what it decides is encrypted as the input is", async () => {
    let decodes = 0;
    const {
      session: opened,
      calls,
      likes,
    } = session({}, (payload) => {
      decodes += 1;
      return decode(payload);
    });
    expect(await opened.ask(asked)).toEqual([{ type: "CompleteRun", output: sealed("1") }]);
    expect(calls).toEqual([
      [
        "ask",
        [
          { ...started, input: '"in"' },
          { type: "JobCompleted", jobId: "j1", output: '"out"' },
        ],
      ],
    ]);
    await opened.ask(asked);
    expect(decodes).toBe(2);
    expect(likes).toEqual([sealed('"in"'), sealed('"in"')]);
    opened.forget("r");
    await opened.ask(asked);
    expect(decodes).toBe(4);
    opened.close();
    await opened.ask(asked);
    expect(decodes).toBe(6);
    expect(calls.filter(([what]) => what !== "ask")).toEqual([["forget", "r"], ["close"]]);
  });

  test("of a run whose beginning is not there is not told to be like anything", async () => {
    const { session: opened, likes } = session();
    const input = sealed("1");
    const scheduled: RunEvent = { type: "JobScheduled", jobId: "j1", jobType: "pay", input };
    await opened.ask({ ...asked, history: [{ seq: 2, at: 0, event: scheduled }] });
    await opened.ask({ ...asked, runId: "empty", history: [] });
    expect(likes).toEqual([undefined, undefined]);
  });

  test("is asked whether it takes what is offered, in plain values", async () => {
    const { session: opened, calls } = session();
    await opened.check(asked, { type: "signal", name: "n", payload: sealed("1") });
    await opened.check(asked, { type: "jobInput", jobId: "j1", input: sealed("2") });
    await opened.check(asked, { type: "jobOutput", jobId: "j1", output: sealed("3") });
    expect(calls).toEqual([
      ["check", { type: "signal", name: "n", payload: "1" }],
      ["check", { type: "jobInput", jobId: "j1", input: "2" }],
      ["check", { type: "jobOutput", jobId: "j1", output: "3" }],
    ]);
  });

  test("is stuck where what it wants can't be encrypted, and a fault of its own is one", async () => {
    const refused = session({
      ask: async () => {
        throw new PayloadError("The output is no JSON.");
      },
    });
    expect(await refused.session.ask(asked)).toMatchObject([
      { type: "GetStuck", failure: { name: "PayloadUnreadable", message: "The output is no JSON." } },
    ]);
    const faulty = session({
      ask: async () => {
        throw new Error("a bug");
      },
      check: async () => {
        throw new Error("a bug");
      },
    });
    await expect(faulty.session.ask(asked)).rejects.toThrow("a bug");
    const offer = { type: "signal", name: "n", payload: "1" } as const;
    await expect(faulty.session.check(asked, offer)).rejects.toThrow("a bug");
  });

  test("is not asked about an offer where its history can't be read; an offer that can't be is refused", async () => {
    const bare = new EncryptedSession(
      { ask: async () => [], check: async () => "no", forget: () => {}, close: () => {} },
      new Payloads(undefined),
    );
    const offer = { type: "signal", name: "n", payload: sealed("1") } as const;
    expect(await bare.check(asked, offer)).toBeUndefined();
    const plain: Question = { ...asked, history: [{ seq: 1, at: 0, event: { ...started, input: "1" } }] };
    expect(await bare.check(plain, offer)).toContain("It is encrypted with key k-1");
  });
});
