import { spawn } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { openEmbeddedLog, serve } from "@downbeat/embedded-log";
import { Catalogue, topics } from "@downbeat/protocol";
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from "vitest";
import { welcome } from "../../../docs/examples/deploying/workflows.ts";
import { bill } from "../../../docs/examples/logging/billing.ts";
import { bookTrip } from "../../../docs/examples/readme/book-trip.ts";
import { approveOrder } from "../../../docs/examples/writing/approve-order.ts";
import { collectDebt } from "../../../docs/examples/writing/personal.ts";
import { watchOrder } from "../../../docs/examples/writing/watch-order.ts";
import { weekly } from "../../../docs/examples/writing/weekly.ts";
import { client } from "../src/client/index.ts";
import { connect } from "../src/connection/connect.ts";
import { type JobContext, testEnvironment } from "../src/testing/index.ts";
import { engineWithoutCode } from "./engine-without-code.ts";
import { until } from "./open-log.ts";

vi.setConfig({ testTimeout: 240_000 });

const root = resolve(import.meta.dirname, "../../..");

describe("programs that pages show", () => {
  const catalogue = new Catalogue();
  let url = "";
  let close = async (): Promise<void> => {};

  beforeAll(async () => {
    const directory = await mkdtemp(join(tmpdir(), "downbeat-docs-"));
    const embedded = await openEmbeddedLog({ file: join(directory, "log.db") });
    const server = await serve(embedded, { port: 0 });
    url = server.url;
    const log = embedded.connect();
    for (const topic of ["inbox", "history"]) await log.createPartitionedTopic(topic, 2);
    const engine = await engineWithoutCode(() => embedded.connect(), { partitions: 2 });
    await log.openReader(topics.workers, {
      from: "earliest",
      onMessage: (message) => void catalogue.takeWorker(message, performance.now()),
    });
    close = async () => {
      await engine.stop();
      await server.close();
      await embedded.close();
      await rm(directory, { recursive: true });
    };
  });
  afterAll(() => close());

  /** As a developer starts it; it finds the log by the environment. */
  function start(file: string) {
    const child = spawn(process.execPath, [join(root, "docs/examples", file)], {
      env: { ...process.env, DOWNBEAT_LOG_URL: url, NODE_OPTIONS: "" },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let said = "";
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (said += String(chunk)));
    const exited = new Promise<{ code: number | null; said: string }>((end) =>
      child.once("close", (code) => end({ code, said })),
    );
    onTestFinished(() => void child.kill("SIGKILL"));
    return { child, exited, said: () => said };
  }

  const jobTypes = (): readonly string[] =>
    catalogue.workers(performance.now()).flatMap(({ jobs }) => jobs.map(({ type }) => type));

  test("an order is placed by the shop, approved, paid and shipped by the worker, which stops when it is told to", async () => {
    const hosted = start("writing/worker.ts");
    await until(() => jobTypes().includes("shipOrder"), "the worker");
    const shop = await start("writing/shop.ts").exited;
    expect(shop).toEqual({ code: 0, said: "The order is in parcel parcel-A-17.\n" });
    hosted.child.kill("SIGTERM");
    expect(await hosted.exited).toEqual({ code: 0, said: "" });
  });

  test("a worker is deployed as the page shows it, and stops when it is told to", async () => {
    const hosted = start("deploying/worker.ts");
    await until(() => jobTypes().includes("greet"), "the worker");
    const connection = connect(url);
    onTestFinished(() => connection.close());
    const downbeat = client({ connection });
    onTestFinished(() => downbeat.close());
    const run = await downbeat.start(welcome, "Ada");
    expect(await run.result({ timeout: "1 minute" })).toBe("Hello, Ada!");
    hosted.child.kill("SIGTERM");
    expect(await hosted.exited).toEqual({ code: 0, said: "" });
  });

  test("a connection to a cluster is made and closed without reaching it", async () => {
    const said = "client asks at wss://pulsar.example:8443 acme/orders\n";
    expect(await start("writing/elsewhere.ts").exited).toEqual({ code: 0, said });
  });

  test("a worker takes the jobs of services that only speak HTTP", async () => {
    start("http/hotels.ts");
    await until(() => jobTypes().includes("cancelHotel"), "the worker");
    expect(jobTypes().filter((type) => type.endsWith("Hotel"))).toEqual(["bookHotel", "cancelHotel"]);
  });
});

describe("workflows that pages show", () => {
  test("the trip of the README is booked, and paid back where its flight can't be", async () => {
    await using env = await testEnvironment({
      workflows: [bookTrip],
      jobs: {
        processPayment: () => ({ receiptId: "r-1" }),
        refundPayment: () => undefined,
        bookFlight: () => ({ seat: "17A" }),
      },
    });
    const run = await env.start(bookTrip, { cents: 50_000, to: "LIS" });
    expect(await run.result()).toEqual({ seat: "17A" });
  });

  test("a run that begins after the change asks the director as well", async () => {
    const asked: string[] = [];
    await using env = await testEnvironment({
      workflows: [approveOrder],
      jobs: {
        askManager: () => void asked.push("manager"),
        askDirector: () => void asked.push("director"),
        ship: () => void asked.push("shipped"),
      },
    });
    await (await env.start(approveOrder, { order: "A-17" })).result();
    expect(asked).toEqual(["manager", "director", "shipped"]);
  });

  test("the weekly one wakes on Monday morning, where its time zone is", async () => {
    await using env = await testEnvironment({
      workflows: [weekly],
      startAt: new Date("2026-01-07T12:00:00Z"),
    });
    const run = await env.start(weekly, "Asia/Tokyo");
    await run.result();
    expect(env.now()).toEqual(new Date("2026-01-12T00:00:00Z"));
  });

  test("an order whose customer is marked as personal waits for its two weeks", async () => {
    await using env = await testEnvironment({ workflows: [collectDebt] });
    const customer = { name: "Ada", email: "ada@example.com" };
    const run = await env.start(collectDebt, { customer, iban: "GB33", amountCents: 1_900 });
    expect(await run.result()).toEqual({ amountCents: 1_900 });
  });

  test("the one that watches polls until it is told to stop", async () => {
    let polls = 0;
    await using env = await testEnvironment({
      workflows: [watchOrder],
      jobs: { pollOrder: () => void (polls += 1) },
    });
    const run = await env.start(watchOrder);
    await env.skip("5 minutes");
    expect(polls).toBe(5);
    await run.signal("stop", "done");
    expect(await run.result()).toBe("done");
  });
});

test("logging.md shows what its sample writes", async () => {
  const text = await readFile(join(root, "docs/logging.md"), "utf8");
  const shown = Array.from(text.matchAll(/^(\{"level":.*\})$/gm), ([, line = ""]) => JSON.parse(line));
  const lines: object[] = [];
  const info = (fields: object, msg: string) => void lines.push({ level: 30, ...fields, msg });
  const logger = { debug: info, info, warn: info, error: info };
  const jobs = {
    charge: (_: unknown, { log, idempotencyKey }: JobContext) => {
      log.info({ cents: 1_900 }, "charging");
      return { receipt: idempotencyKey };
    },
  };
  const env = await testEnvironment({ workflows: [bill], jobs, logger });
  const run = await env.start(bill, { cents: 1_900 }, { runId: "order-17" });
  await run.result();
  await env.close();
  expect(lines).toEqual(shown);
});
