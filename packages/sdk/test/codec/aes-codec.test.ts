import { encryptedOf } from "@downbeat/domain";
import {
  changePayloadKeys,
  newPayloadKey,
  type PayloadKey,
  PayloadKeyRing,
  UnreadablePayload,
} from "@downbeat/protocol";
import { afterEach, describe, expect, test, vi } from "vitest";
import {
  aesCodec,
  keysFromEnvironment,
  keysFromFile,
  type PayloadAbout,
  type PayloadKeys,
} from "../../src/index.ts";
import { keyFile } from "./keys.ts";

afterEach(() => vi.unstubAllEnvs());

const all = newPayloadKey("all");
const customers = [newPayloadKey("old", "customer=1"), newPayloadKey("new", "customer=1")];
const ring = new PayloadKeyRing([all, ...customers]);
const keys: PayloadKeys = {
  encrypting: (subject, older) => ring.encrypting(subject, older),
  find: (id) => {
    const key = ring.key(id);
    if (key === undefined) throw new UnreadablePayload(ring.whyNot(id));
    const subject = ring.subjectOf(id);
    return { key, ...(subject !== "" && { subject }) };
  },
};

const keyOf = async (about: Partial<PayloadAbout>, label: string | undefined = "customer") =>
  encryptedOf(await aesCodec({ keys, label }).encode("1", { runId: "r", ...about }))?.key;

describe("By which key a payload is encrypted", () => {
  test("is said by the run's label, where there is one", async () => {
    expect(await keyOf({ labels: { customer: "1", order: "2" } })).toBe("new");
    expect(await keyOf({ labels: { customer: "1" }, older: 1 })).toBe("old");
    expect(await keyOf({ labels: { customer: "1" } }, "order").catch((error) => error.message)).toContain(
      'Say its label "order"',
    );
  });

  test("is said by another payload of the run, before all else", async () => {
    const like = await ring.key("old")?.encrypt("2");
    expect(await keyOf({ like, labels: { customer: "2" } })).toBe("new");
    expect(await keyOf({ like: await ring.key("all")?.encrypt("2"), labels: { customer: "1" } })).toBe("all");
  });

  test("is the one for all where the run is known to have no such label, or nobody asks for labels", async () => {
    for (const about of [{ labels: { customer: null } }, { hasAllLabels: true }, { like: "null" }])
      expect(await keyOf(about), JSON.stringify(about)).toBe("all");
    expect(await keyOf({ hasAllLabels: true, labels: { order: "2" } })).toBe("all");
    const unlabelled = aesCodec({ keys });
    expect(encryptedOf(await unlabelled.encode("1", { runId: "r" }))?.key).toBe("all");
  });

  test("is not guessed of a run whose labels are not known, nor read from what every object has", async () => {
    const missing =
      'Whose key is to encrypt it isn\'t known: this client has not started the run. Say its label "customer", as in client.run("r", { labels: { "customer": "…" } }), with null where it has none.';
    await expect(keyOf({})).rejects.toThrow(missing);
    await expect(keyOf({ labels: { order: "1" } })).rejects.toThrow(UnreadablePayload);
    await expect(keyOf({ labels: {} }, "constructor")).rejects.toThrow(UnreadablePayload);
  });

  test("is said to be missing, with whose it would be", async () => {
    await expect(keyOf({ labels: { customer: "9" } })).rejects.toThrow(
      "There is no key for customer=9 that encrypts.",
    );
    const none: PayloadKeys = { ...keys, encrypting: () => undefined };
    await expect(aesCodec({ keys: none }).encode("1", { runId: "r" })).rejects.toThrow(
      "There is no key for runs that have no key of their own that encrypts.",
    );
  });
});

describe("What is encrypted", () => {
  test("comes back, and what is not encrypted stays as it is", async () => {
    const codec = aesCodec({ keys });
    expect(await codec.decode(await codec.encode('{"a":1}', { runId: "r" }))).toBe('{"a":1}');
    expect(await codec.decode('{"a":1}')).toBe('{"a":1}');
    await expect(async () => codec.decode(foreign().encrypt("1"))).rejects.toThrow(
      "Its key foreign is not among",
    );
  });

  test("says of a start alone, and not of its errors, whether it is the same", async () => {
    const codec = aesCodec({ keys });
    const sameOf = async (about: Partial<PayloadAbout>) =>
      encryptedOf(await codec.encode("1", { runId: "r", ...about }))?.same;
    expect(await sameOf({ isStart: true })).toBeDefined();
    expect(await sameOf({ isStart: true })).toBe(await sameOf({ isStart: true }));
    expect(await sameOf({})).toBeUndefined();
    expect(await sameOf({ isStart: false })).toBeUndefined();
    expect(await sameOf({ isStart: true, of: "error" })).toBeUndefined();
  });

  test("is an error's where it is said to be", async () => {
    const codec = aesCodec({ keys, errors: "encrypted" });
    expect(codec.errors).toBe("encrypted");
    expect(aesCodec({ keys }).errors).toBeUndefined();
    expect(encryptedOf(await codec.encode("1", { runId: "r", of: "error" }))?.of).toBe("error");
    expect(encryptedOf(await codec.encode("1", { runId: "r" }))?.of).toBeUndefined();
  });
});

function foreign(): PayloadKey {
  const key = new PayloadKeyRing([newPayloadKey("foreign")]).key("foreign");
  if (key === undefined) throw new Error("There is no such key.");
  return key;
}

test.each([
  [
    { keys: { encrypting: () => {} } },
    "they are what keysFromFile() gives, or an object with encrypting() and find()",
  ],
  [{ keys: { find: () => {} } }, "they are what keysFromFile() gives"],
  [{ keys, label: "" }, "label can't be"],
  [{ keys, label: "x".repeat(61) }, "label can't be"],
  [{ keys, errors: "hidden" }, '"readable" or "encrypted"'],
  [{ keys, secret: "x" }, "There is no option secret"],
  [undefined, "they are an object"],
])("options that can't be taken are refused: %j", (options, reason) => {
  expect(() => aesCodec(options as never)).toThrow("The options of aesCodec() can't be taken.");
  expect(() => aesCodec(options as never)).toThrow(reason);
});

describe("Keys of a file", () => {
  test("are made for a subject that has none, where that is wanted, and once", async () => {
    const path = keyFile("customer=1");
    const [made, again] = await Promise.all(
      [0, 1].map(() => keysFromFile(path, { create: true }).encrypting("customer=2", 0)),
    );
    expect(made?.id).toBeDefined();
    expect(again?.id).toBe(made?.id);
    const from = keysFromFile(path);
    expect(await from.encrypting("customer=3", 0)).toBeUndefined();
    expect(from.find(made?.id ?? "")).toMatchObject({ subject: "customer=2" });
    expect(from.find("acme-1")).not.toHaveProperty("subject");
    expect(() => from.find("elsewhere")).toThrow("Its key elsewhere is not among the keys here.");
  });

  test("are not made for everybody's, nor of an older one", async () => {
    const path = keyFile("customer=1");
    changePayloadKeys(path, (entries) => entries.filter((entry) => "subject" in entry));
    const from = keysFromFile(path, { create: true });
    expect(await from.encrypting(undefined, 0)).toBeUndefined();
    expect(await from.encrypting("customer=1", 1)).toBeUndefined();
    expect(await from.encrypting("customer=1", 0)).toBeDefined();
  });

  test("that only decrypt are no keys to encrypt with: another one is made", async () => {
    const path = keyFile();
    changePayloadKeys(path, (entries) => [...entries, newPayloadKey("read", "customer=1", false)]);
    const made = await keysFromFile(path, { create: true }).encrypting("customer=1", 0);
    expect(made?.id).not.toBe("read");
    expect(made).toBeDefined();
  });

  test("have options that are checked", () => {
    expect(() => keysFromFile(keyFile(), { create: "yes" } as never)).toThrow("it is true or false");
  });
});

describe("Keys of a variable", () => {
  test("are those that it holds", async () => {
    vi.stubEnv("DOWNBEAT_PAYLOAD_KEYS", JSON.stringify({ keys: [all, ...customers] }));
    const from = keysFromEnvironment();
    expect((await from.encrypting("customer=1", 1))?.id).toBe("old");
    expect(from.find("all")).not.toHaveProperty("subject");
    expect(from.find("new")).toMatchObject({ subject: "customer=1" });
  });

  test("are refused with its name where it is not set or holds none, without a word of what it holds", () => {
    vi.stubEnv("KEYS", "");
    expect(() => keysFromEnvironment("KEYS")).toThrow("KEYS is not set: it holds the payload keys.");
    vi.stubEnv("KEYS", '{"keys":[{"id":"a","secret":"c2hvcnQ="}]}');
    expect(() => keysFromEnvironment("KEYS")).toThrow(/^The payload keys in KEYS can't be used: keys\.0/);
    expect(() => keysFromEnvironment("KEYS")).not.toThrow("c2hvcnQ");
  });
});
