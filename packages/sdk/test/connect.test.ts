import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openEmbeddedLog, serve } from "@downbeat/embedded-log";
import type { MessageLog } from "@downbeat/message-log";
import fc from "fast-check";
import { afterEach, describe, expect, onTestFinished, test, vi } from "vitest";
import { type Client, client } from "../src/client/index.ts";
import { connect } from "../src/index.ts";
import { worker } from "../src/worker/index.ts";
import { oddValues } from "./odd-values.ts";
import { until } from "./open-log.ts";

afterEach(() => vi.unstubAllEnvs());

/** A log that is served, as an engine does. */
async function servedLog(): Promise<{ readonly url: string; readonly log: MessageLog }> {
  const directory = await mkdtemp(join(tmpdir(), "downbeat-connect-"));
  const embedded = await openEmbeddedLog({ file: join(directory, "log.db") });
  const server = await serve(embedded, { port: 0 });
  onTestFinished(async () => {
    await server.close();
    await embedded.close();
    await rm(directory, { recursive: true });
  });
  const log = embedded.connect();
  await log.createPartitionedTopic("inbox", 1);
  await log.createPartitionedTopic("history", 1);
  return { url: server.url, log };
}

const jobs = { greet: () => null };

async function workersOf(log: MessageLog): Promise<number> {
  const { subscriptions } = await log.topicStats("jobs-greet");
  return subscriptions.flatMap(({ consumers }) => consumers).length;
}

function refusalOf(make: () => unknown): string {
  try {
    make();
  } catch (error) {
    expect(error instanceof TypeError || error instanceof RangeError).toBe(true);
    return (error as Error).message;
  }
  throw new Error("It was taken.");
}

describe("where a connection leads", () => {
  test("is this machine when nothing says otherwise", () => {
    vi.stubEnv("DOWNBEAT_LOG_URL", "");
    expect(connect().address).toBe("ws://127.0.0.1:8080 public/default");
  });

  test.each([
    ["ws://127.0.0.1:99999", "99999"],
    ["pulsar+ssl://broker:65536/", "65536"],
    ["http://[::1]:80a", "80a"],
  ])("is refused for its port alone where that is what is wrong: %s", (address, port) => {
    expect(refusalOf(() => connect(address))).toBe(
      `connect() can't take "${address}": its port is "${port}", and a port is a number from 1 to 65535.`,
    );
    expect(refusalOf(() => connect(address.replace("://", "x://")))).toContain(
      "an address begins with ws://",
    );
  });

  test("is what the environment says, with the options before it", () => {
    vi.stubEnv("DOWNBEAT_LOG_URL", "wss://pulsar.example:8443");
    vi.stubEnv("DOWNBEAT_TENANT", "acme");
    vi.stubEnv("DOWNBEAT_NAMESPACE", "orders");
    expect(connect().address).toBe("wss://pulsar.example:8443 acme/orders");
    expect(connect({ namespace: "returns" }).address).toBe("wss://pulsar.example:8443 acme/returns");
  });

  test("is the address that is given, and the environment's credentials don't go there", () => {
    vi.stubEnv("DOWNBEAT_TENANT", "acme");
    vi.stubEnv("DOWNBEAT_PULSAR_TOKEN", "not a token");
    expect(connect("ws://pulsar.example:8080").address).toBe("ws://pulsar.example:8080 public/default");
  });

  test.each([
    ["http://pulsar.example:8080", "ws://pulsar.example:8080"],
    ["https://pulsar.example", "wss://pulsar.example"],
    ["wss://pulsar.example:443/", "wss://pulsar.example"],
    ["ws://[::1]:8080", "ws://[::1]:8080"],
  ])("is taken from %s too", (address, leadsTo) => {
    expect(connect(address, { tenant: "acme" }).address).toBe(`${leadsTo} acme/default`);
  });

  test("is left to the native client for the brokers' address, which says how to install it", () => {
    try {
      expect(connect("pulsar+ssl://broker:6651").address).toBe("wss://broker:8443 public/default");
    } catch (error) {
      expect((error as Error).message).toContain("npm install pulsar-client");
    }
  });
});

describe("what can't be taken", () => {
  test.each(["localhost:8080", "localhost", "", "ftp://localhost", "ws://"])(
    "as an address is named with an example: %s",
    (address) => {
      expect(refusalOf(() => connect(address))).toMatch(/connect\(\) can't take .*such as ws:\/\/127/);
    },
  );

  test("as an address never shows the credentials in it", () => {
    for (const address of [
      "ws://me:secret@host:8080",
      "ws://host:8080/?token=secret",
      "me:secret@host:8080",
      "ws://host#secret",
    ])
      expect(refusalOf(() => connect(address))).not.toContain("secret");
  });

  test("with a path says where tenant and namespace go", () => {
    expect(refusalOf(() => connect("ws://host:8080/acme/orders"))).toContain("{ tenant, namespace }");
  });

  test("as an option is named, with the one that was meant", () => {
    expect(refusalOf(() => connect({ namespce: "orders" } as never))).toContain("did you mean namespace?");
    expect(refusalOf(() => connect({ oauth: { isuer: "x" } } as never))).toContain(
      "did you mean oauth.issuer?",
    );
    expect(refusalOf(() => connect({ tenant: "a/b" }))).toMatch(
      /options of connect\(\).*tenant can't be "a\/b": letters, digits/,
    );
    expect(refusalOf(() => connect("ws://host", { adminUrl: "nowhere" }))).toContain("adminUrl can't be");
  });

  test("as a variable is named as the variable", () => {
    vi.stubEnv("DOWNBEAT_LOG_URL", "localhost:8080");
    expect(refusalOf(() => connect())).toMatch(
      /^The environment can't be taken\. DOWNBEAT_LOG_URL can't be "localhost:8080"/,
    );
    vi.stubEnv("DOWNBEAT_LOG_URL", "");
    vi.stubEnv("DOWNBEAT_TENANT", "..");
    expect(refusalOf(() => client())).toContain("DOWNBEAT_TENANT");
    expect(refusalOf(() => worker({ jobs }))).toContain("DOWNBEAT_TENANT");
  });

  test("as a token isn't shown", () => {
    for (const token of ["my secret", 4711, ["secret"]])
      expect(refusalOf(() => connect("ws://host", { token } as never))).not.toMatch(/secret|4711/);
    const oauth = { issuer: "https://issuer", clientId: "me", clientSecret: ["secret"] };
    expect(refusalOf(() => connect("ws://host", { oauth } as never))).not.toContain("secret");
  });

  test("together is said in the names by which it was given", () => {
    const message = refusalOf(() => connect("ws://host", { certFile: "/tmp/client.pem" }));
    expect(message).toContain("keyFile is missing");
    const lacks = refusalOf(() => connect("ws://host", { oauth: { clientId: "me" } }));
    expect(lacks).toContain("oauth.issuer and oauth.clientSecret, or oauth.keyFile");
    vi.stubEnv("DOWNBEAT_PULSAR_CERT_FILE", "/tmp/client.pem");
    expect(refusalOf(() => connect())).toContain("DOWNBEAT_PULSAR_KEY_FILE is missing");
  });

  test("as a connection and a log at once is refused", () => {
    const connection = connect("ws://127.0.0.1:1");
    expect(refusalOf(() => client({ connection, log: connection.log }))).toContain("not both");
    expect(refusalOf(() => worker({ connection, log: connection.log, jobs }))).toContain("not both");
    expect(refusalOf(() => client({ connection: "ws://127.0.0.1:1" } as never))).toContain(
      "it is what connect() gives",
    );
  });

  test("of odd values is always said in a sentence", () => {
    for (const value of oddValues) {
      for (const option of ["tenant", "token", "caFile", "oauth", "pulsarClient", "sessionSeconds"]) {
        try {
          connect("ws://host", { [option]: value } as never);
        } catch (error) {
          expect((error as Error).message).toMatch(/connect\(\)|can't be read|file|native/i);
        }
      }
    }
  });

  test("of any address is said in a sentence", () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.webUrl({ withQueryParameters: true })), (address) => {
        try {
          connect(address);
        } catch (error) {
          expect((error as Error).message).toContain("connect()");
        }
      }),
    );
  });
});

describe("what hangs on a connection", () => {
  test("is closed with it, worker and client alike", async () => {
    const { url, log } = await servedLog();
    const connection = connect(url);
    const hosted = worker({ connection, jobs });
    const asking = client({ connection });
    await hosted.ready;
    const waiting = asking.run("r-1").result();
    waiting.catch(() => {});
    expect(await workersOf(log)).toBe(1);
    await connection.close();
    await expect(waiting).rejects.toThrow("The client was closed before the answer came.");
    await until(async () => (await workersOf(log)) === 0);
  });

  test("may end before it, and leaves it open for the others", async () => {
    const { url } = await servedLog();
    const connection = connect(url);
    const first = worker({ connection, jobs });
    await first.ready;
    await first.stop();
    const second = worker({ connection, jobs });
    await second.ready;
    await connection.close();
    await connection.close();
  });

  test("has one of its own by the environment, which ends with it", async () => {
    const { url, log } = await servedLog();
    vi.stubEnv("DOWNBEAT_LOG_URL", url);
    const hosted = worker({ jobs });
    const asking = client();
    await hosted.ready;
    await hosted.stop();
    await asking.close();
    await until(async () => (await workersOf(log)) === 0);
  });
});

describe("a log that isn't there", () => {
  test("is logged to stderr, once for all that hangs on the connection", async () => {
    const said = vi.spyOn(process.stderr, "write").mockReturnValue(true);
    onTestFinished(() => said.mockRestore());
    const connection = connect("ws://127.0.0.1:1");
    worker({ connection, jobs });
    const asking: Client = client({ connection, answerWithin: 700 });
    await expect(asking.start("greet")).rejects.toThrow(
      /was not sent: the log was not reached within 700 ms/,
    );
    await expect(asking.run("r").result({ timeout: 60 })).rejects.toThrow(
      /^How run r ends can't be told: the log was not reached within 60 ms \(.*ECONNREFUSED/,
    );
    expect(said.mock.calls.map(([text]) => text)).toEqual([
      expect.stringMatching(
        /^\S+ WARN {2}Waiting for the log\. .*127\.0\.0\.1:1.* address="ws:\/\/127\.0\.0\.1:1 public\/default"\n$/,
      ),
    ]);
    await connection.close();
  });

  test("is told to who listens instead", async () => {
    const said = vi.spyOn(process.stderr, "write").mockReturnValue(true);
    onTestFinished(() => said.mockRestore());
    const connection = connect("ws://127.0.0.1:1");
    const told: string[] = [];
    worker({
      connection,
      jobs,
      onProblem: (problem, error) => told.push(`${problem} ${error?.message}`),
    });
    await until(() => told.length > 0);
    await connection.close();
    expect(told).toEqual([expect.stringContaining("Waiting for the log.")]);
    expect(said).not.toHaveBeenCalled();
  });
});
