import { changePayloadKeys, erasePayloadKeys, newPayloadKey, readPayloadKeys } from "@downbeat/protocol";
import fc from "fast-check";
import { describe, expect, onTestFinished, test } from "vitest";
import { aesCodec, BusinessError, job, keysFromFile, type PayloadCodec, workflow } from "../../src/index.ts";
import { replay, type TestEnvironmentOptions, testEnvironment } from "../../src/testing/index.ts";
import { bookTrip, handlers, trip } from "../testing/travel.ts";
import { keyFile } from "./keys.ts";

interface Order {
  readonly name: string;
  readonly [more: string]: unknown;
}
const charge = job<Order, { readonly receipt: string; readonly of: Order }>("charge");
const refund = job<{ readonly receipt: string }>("refund");
const deliver = job<Order>("deliver");

/** Takes its input through all that carries a payload. */
const placeOrder = workflow("placeOrder", async (run, order: Order) => {
  const paid = await run.job(charge, order);
  run.compensate(refund, { receipt: paid.receipt });
  const address = await run.signal<Order>("address");
  try {
    await run.job(deliver, address);
  } catch (error) {
    const said = error instanceof BusinessError ? error.details : undefined;
    throw new BusinessError("NotDelivered", `Nobody took it for ${order.name}.`, said);
  }
  return { ...paid, address };
});

const jobs = {
  charge: (order: Order) => ({ receipt: `r-${order.name}`, of: order }),
  refund: () => {},
  deliver: () => {},
};

function codec(path: string, more: Partial<Parameters<typeof aesCodec>[0]> = {}): PayloadCodec {
  return aesCodec({ keys: keysFromFile(path), label: "customer", ...more });
}

async function opened(given: Partial<TestEnvironmentOptions> & { readonly codec: PayloadCodec }) {
  const env = await testEnvironment({ workflows: [placeOrder, bookTrip], jobs, logger: false, ...given });
  onTestFinished(() => env.close());
  return env;
}

const labels = { customer: "4711" };

describe("A run whose payloads are encrypted", () => {
  test("goes as without, and its history holds nothing of what it was given", async () => {
    const env = await opened({ codec: codec(keyFile("customer=4711")) });
    const run = await env.start(placeOrder, { name: "Ada" }, { labels });
    await run.signal("address", { name: "Countess", street: "St James's Square" });
    expect(await run.result()).toMatchObject({ receipt: "r-Ada", address: { name: "Countess" } });
    expect(run.attempts("charge")[0]).toMatchObject({ input: { name: "Ada" }, output: { receipt: "r-Ada" } });
    const recorded = JSON.stringify(run.history());
    expect(recorded).toContain("$encrypted");
    for (const plain of ["Ada", "Countess", "James"]) expect(recorded).not.toContain(plain);
    expect(recorded).toContain("4711");
  });

  test("brings any value through workflow and job as it was", async () => {
    const path = keyFile();
    await fc.assert(
      fc.asyncProperty(fc.dictionary(fc.string(), fc.jsonValue(), { maxKeys: 4 }), async (given) => {
        const env = await testEnvironment({ workflows: [placeOrder], jobs, codec: codec(path) });
        const order = JSON.parse(JSON.stringify({ ...given, name: "漢字 \ud83d\ude00" }));
        const run = await env.start(placeOrder, order);
        await run.signal("address", order);
        expect(await run.result()).toEqual({ receipt: `r-${order.name}`, of: order, address: order });
        await env.close();
      }),
      { numRuns: 15 },
    );
  });

  test("brings a value through that looks encrypted itself", async () => {
    const env = await opened({ codec: codec(keyFile()) });
    const order = {
      name: "x",
      inside: JSON.parse('{"$encrypted":{"v":1,"alg":"A256GCM","key":"k","nonce":"","data":""}}'),
    };
    const run = await env.start("placeOrder", order);
    await run.signal("address", order.inside);
    expect(await run.result()).toMatchObject({ of: order, address: order.inside });
  });

  test("is replayed from its history with the codec, and not without", async () => {
    const path = keyFile();
    const env = await opened({ codec: codec(path), jobs: handlers });
    const run = await env.start(bookTrip, trip);
    await run.signal("approval", true);
    expect(await run.result()).toEqual({ room: 12 });
    await replay(run.history(), bookTrip, { codec: codec(path) });
    await expect(replay(run.history(), bookTrip)).rejects.toThrow("this process has no codec");
  });

  test("has code and clients told the details of errors, and the log not", async () => {
    const deliverer = () => {
      throw new BusinessError("AddressUnknown", "Nobody lives there.", { street: "Baker Street" });
    };
    const env = await opened({ codec: codec(keyFile()), jobs: { ...jobs, deliver: deliverer } });
    const run = await env.start(placeOrder, { name: "Ada" });
    await run.signal("address", { name: "Holmes" });
    const failed = { name: "NotDelivered", details: { street: "Baker Street" } };
    await expect(run.result()).rejects.toMatchObject({ failure: failed });
    await expect(env.client.run(run.runId).result()).rejects.toMatchObject({ failure: failed });
    expect(JSON.stringify(run.history())).not.toContain("Baker Street");
    // Messages are for whoever looks after runs, unless they are to be encrypted too.
    expect(JSON.stringify(run.history())).toContain("Nobody took it for Ada.");
  });

  test("has messages of errors encrypted as well, where that is wanted", async () => {
    const path = keyFile();
    const deliverer = () => {
      throw new Error("no route to 221b Baker Street", { cause: new Error("Baker Street is closed") });
    };
    const env = await opened({
      codec: codec(path, { errors: "encrypted" }),
      jobs: { ...jobs, deliver: deliverer },
    });
    const run = await env.start(placeOrder, { name: "Ada" });
    await run.signal("address", { name: "Holmes" });
    await expect(run.result()).rejects.toMatchObject({
      name: "RunStuckError",
      failure: { name: "Error", message: "no route to 221b Baker Street" },
    });
    const recorded = JSON.stringify(run.history());
    expect(recorded).not.toContain("Baker Street");
    expect(recorded).toContain("Encrypted with key acme-1.");
  });
});

describe("A start that is repeated", () => {
  test("is the same run, though its input is another text", async () => {
    const env = await opened({ codec: codec(keyFile()) });
    await env.start("placeOrder", { name: "Ada", to: "Rome" }, { runId: "o-1" });
    const again = await env.start("placeOrder", { to: "Rome", name: "Ada" }, { runId: "o-1" });
    expect(again.status).toBe("running");
    await expect(env.start("placeOrder", { name: "Bob" }, { runId: "o-1" })).rejects.toMatchObject({
      code: "RunIdTaken",
      message: expect.stringMatching(/only where both are encrypted with one key\.$/),
      taken: {
        existing: { workflow: "placeOrder" },
        asked: { inputDigest: expect.stringMatching(/^[0-9a-f]{14}$/) },
      },
    });
  });

  test("is the same run after the key was changed", async () => {
    const path = keyFile();
    const env = await opened({ codec: codec(path) });
    await env.start(placeOrder, { name: "Ada" }, { runId: "o-1" });
    changePayloadKeys(path, (keys) => [...keys, newPayloadKey("acme-2"), newPayloadKey("acme-3")]);
    const again = await env.start(placeOrder, { name: "Ada" }, { runId: "o-1" });
    await again.signal("address", { name: "Ada" });
    expect(await again.result()).toMatchObject({ receipt: "r-Ada" });
    expect(JSON.stringify(again.history())).toContain('"acme-3');
    await expect(env.start(placeOrder, { name: "Bob" }, { runId: "o-1" })).rejects.toMatchObject({
      code: "RunIdTaken",
    });
  });
});

describe("A subject's own key", () => {
  test("encrypts all of its runs, and other runs' none", async () => {
    const path = keyFile("customer=4711");
    const env = await opened({ codec: codec(path) });
    const [, own] = readPayloadKeys(path);
    const theirs = await env.start(placeOrder, { name: "Ada" }, { labels });
    await theirs.signal("address", { name: "Ada" });
    const others = await env.start(placeOrder, { name: "Bob" });
    await others.signal("address", { name: "Bob" });
    await Promise.all([theirs.result(), others.result()]);
    const keysOf = (history: unknown) =>
      new Set([...JSON.stringify(history).matchAll(/\\"key\\":\\"([^"\\]+)/g)].map(([, id]) => id));
    expect(keysOf(theirs.history())).toEqual(new Set([own?.id]));
    expect(keysOf(others.history())).toEqual(new Set(["acme-1"]));
  });

  test("is made where the file may have new ones, and missed where it may not", async () => {
    const path = keyFile();
    const strict = await opened({ codec: codec(path) });
    await expect(strict.start(placeOrder, { name: "Ada" }, { labels })).rejects.toThrow(
      "The input can't be encrypted. There is no key for customer=4711 that encrypts.",
    );
    const making = await opened({
      codec: aesCodec({ keys: keysFromFile(path, { create: true }), label: "customer" }),
    });
    await making.start(placeOrder, { name: "Ada" }, { labels });
    expect(readPayloadKeys(path).at(-1)).toMatchObject({ subject: "customer=4711" });
  });

  test("has to be known by who signals a run that somebody else started", async () => {
    const env = await opened({ codec: codec(keyFile("customer=4711")) });
    const run = await env.start(placeOrder, { name: "Ada" }, { labels });
    // What labels leave out, nobody has said: the key for all would stay when the customer's is erased.
    for (const said of [undefined, {}, { region: "eu" }])
      await expect(
        env.client.run(run.runId, { labels: said }).signal("address", { name: "Ada" }),
      ).rejects.toThrow("Whose key is to encrypt it isn't known");
    expect(JSON.stringify(run.history())).not.toContain("SignalReceived");
    const sent = env.client.run(run.runId, { labels }).signal("address", { name: "Ada" });
    expect(await run.result()).toMatchObject({ receipt: "r-Ada" });
    await sent;
  });

  test("is not looked for where somebody says that the run has none, or has started it without", async () => {
    const env = await opened({ codec: codec(keyFile("customer=4711")) });
    const region = { region: "eu" };
    const run = await env.start(placeOrder, { name: "Ada" }, { labels: region });
    const sent = env.client
      .run(run.runId, { labels: { ...region, customer: null } })
      .signal("address", { name: "Ada" });
    expect(await run.result()).toMatchObject({ receipt: "r-Ada" });
    await sent;
    const own = await env.start(placeOrder, { name: "Bob" }, { runId: "o-2", labels: region });
    const again = await env.start(placeOrder, { name: "Bob" }, { runId: "o-2", labels: region });
    await again.signal("address", { name: "Bob" });
    expect(await own.result()).toMatchObject({ receipt: "r-Bob" });
    const keys = [...JSON.stringify(run.history()).matchAll(/\\"key\\":\\"([^"\\]+)/g)].map(([, id]) => id);
    expect(new Set(keys)).toEqual(new Set(["acme-1"]));
    expect(() => env.client.run("o-2", { labels: { customer: 4711 as never } })).toThrow(
      "The labels can't be taken",
    );
  });

  test("that was erased gets the run stuck, with the reason, and no attempt is tried without end", async () => {
    const path = keyFile("customer=4711");
    const env = await opened({ codec: codec(path) });
    const run = await env.start(placeOrder, { name: "Ada" }, { labels });
    changePayloadKeys(path, (keys) => erasePayloadKeys(keys, "customer=4711", new Date(0)));
    await expect(run.signal("address", { name: "Ada" })).rejects.toThrow(/no key for customer=4711/);
    await env.client.send(
      {
        type: "SendSignal",
        runId: run.runId,
        signalId: "s-1",
        name: "address",
        payload: "{}",
        actor: "test",
      },
      { labels: { customer: null } },
    );
    await expect(run.result()).rejects.toThrow(/PayloadUnreadable: .* was erased on 1970-01-01/);
    await run.terminate();
    expect(run.status).toBe("terminated");
  });

  test.each(["readable", "encrypted"] as const)(
    "that was erased while a handler is at work ends the job as any whose key is gone, and says why: errors %s",
    async (errors) => {
      const path = keyFile("customer=4711");
      const erase = () =>
        changePayloadKeys(path, (keys) => erasePayloadKeys(keys, "customer=4711", new Date(0)));
      const env = await opened({
        codec: codec(path, { errors }),
        jobs: {
          ...jobs,
          charge: ({ name }) => {
            erase();
            if (name === "Ada") throw new Error("not now");
            return { receipt: "r" };
          },
        },
      });
      const gone = {
        failure: { name: "PayloadUnreadable", message: expect.stringContaining("was erased on 1970-01-01") },
      };
      const run = await env.start(placeOrder, { name: "Ada" }, { labels });
      await expect(run.result()).rejects.toMatchObject(gone);
      expect(run.attempts("charge").length).toBeLessThanOrEqual(2);
      changePayloadKeys(path, (keys) => [...keys, newPayloadKey(undefined, "customer=4711")]);
      const other = await env.start(placeOrder, { name: "Bob" }, { labels });
      await expect(other.result()).rejects.toMatchObject(gone);
      expect(other.attempts("charge")).toHaveLength(1);
    },
  );
});

test("what is too long once it is encrypted is refused with the limit", async () => {
  const env = await opened({ codec: codec(keyFile()) });
  await expect(env.start(placeOrder, { name: "x".repeat(100_000) })).rejects.toMatchObject({
    code: "PayloadTooLarge",
    message: "The input is 100011 bytes of JSON; the limit of what is encrypted is 98024.",
  });
  const long = await opened({
    codec: codec(keyFile()),
    jobs: { ...jobs, charge: () => "x".repeat(100_000) },
  });
  const run = await long.start(placeOrder, { name: "Ada" });
  await expect(run.result()).rejects.toThrow("the limit of what is encrypted is 98024");
});

test("what a codec of one's own gives is looked at, and a service that is away for a moment is asked again", async () => {
  let asked = 0;
  const inner = codec(keyFile());
  const flaky: PayloadCodec = {
    encode: (payload, about) => {
      asked += 1;
      if (asked === 1) throw new Error("the key service does not answer");
      return inner.encode(payload, about);
    },
    decode: (payload) => inner.decode(payload),
  };
  const env = await opened({ codec: flaky });
  expect((await env.start(placeOrder, { name: "Ada" })).status).toBe("running");
  const wrong = await opened({ codec: { ...inner, encode: () => '"plain"' } });
  await expect(wrong.start(placeOrder, { name: "Ada" })).rejects.toThrow("gave what is no encrypted payload");
});
