import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { workflow } from "@downbeat/sdk";
import { replay } from "@downbeat/sdk/testing";
import { worker } from "@downbeat/sdk/worker";
import { expect, onTestFinished, test, vi } from "vitest";
import { z } from "zod";
import { openEngineering, startServer, trip, until } from "../../server/test/stack.ts";
import { downbeat } from "./downbeat.ts";

vi.setConfig({ testTimeout: 400_000 });

test("runs and jobs are started, watched, mended and ended from the command line", async () => {
  await using engineering = await openEngineering();
  await using server = await startServer({ DOWNBEAT_LOG_URL: engineering.url, DOWNBEAT_ACTOR: "ada" });
  await until(async () => (await fetch(`${server.url}/readyz/reads`)).ok);
  const on = (...args: string[]) => downbeat([...args, "--url", server.url]);
  const json = async (...args: string[]) => JSON.parse((await on(...args, "--json")).out);

  const started = await downbeat(
    [
      "runs",
      "start",
      "trip",
      "--input",
      "-",
      "--run-id",
      "t-1",
      "--label",
      "order=A 17",
      "--url",
      server.url,
    ],
    '{"approval":true}',
  );
  expect(started).toEqual({ status: 0, out: "Started t-1.\n", err: "" });
  await until(async () => (await json("runs", "show", "t-1")).shown === "waiting");
  expect((await on("runs", "list", "--label", "order=A 17")).out).toMatch(
    /^RUN {2}WORKFLOW {2}STATUS .*\nt-1 {2}trip +waiting +(?:now|\d+ s ago) +Waiting for signal approval since .* order=A 17\n$/,
  );
  for (const condition of ["ORDER=a 17 OR order=x", "order!=x AND coupon!=*", "NOT order>5", "order=*"])
    expect((await json("runs", "list", "--label", condition)).count, condition).toBe(1);
  expect((await json("runs", "list", "--label", "order=")).count).toBe(0);
  expect(await on("runs", "list", "--label", "order>cheap")).toMatchObject({
    status: 2,
    err: expect.stringContaining("“order>cheap” compares with what is no number and no time"),
  });
  expect((await json("runs", "list", "--content", '"APPROVAL":true')).count).toBe(1);
  expect((await json("runs", "list", "--content", "approval", "--to", "1h")).count).toBe(0);
  expect((await on("runs", "list", "--content", "nothing says so")).out).toMatch(/^No matches\./);
  // It is not over: nobody knows how long it will have taken.
  expect((await json("runs", "list", "--longer-than", "0s")).count).toBe(0);
  const early = await on("runs", "signal", "t-1", "other", "--payload", "1");
  expect(early.out).toBe(
    "t-1 received other. Its code does not wait for it now; it is kept until it does.\n",
  );
  const misfit = await on("runs", "signal", "t-1", "approval");
  expect(misfit).toMatchObject({
    status: 4,
    out: "",
    err: expect.stringContaining("Refused: The payload does not fit the signal approval."),
  });
  const signalled = await on("runs", "signal", "t-1", "approval", "--payload", "true");
  expect(signalled.out).toMatch(/^t-1 received approval, and its code has it. The run is completed/);
  await until(async () => (await json("runs", "show", "t-1")).status === "completed");
  for (const [count, ...conditions] of [
    [1, "--longer-than", "0s"],
    [0, "--longer-than", "1d"],
    [1, "--shorter-than", "1d"],
    [1, "--longer-than", "0s", "--shorter-than", "1d"],
    [0, "--missed", "1d"],
    [1, "--missed", "0s"],
  ] as const)
    expect((await json("runs", "list", ...conditions)).count, conditions.join(" ")).toBe(count);
  expect(await on("runs", "list", "--missed", "soon")).toMatchObject({
    status: 2,
    err: expect.stringContaining("Give a duration such as 90s, 15m, 24h or 7d."),
  });
  await on("runs", "signal", "t-1", "approval", "--payload", "true");
  await on("runs", "start", "trip", "--run-id", "t-1");
  const { actions } = await json("runs", "show", "t-1");
  expect(
    actions.map(({ verb, actor, outcome }: Record<string, { type?: string }>) => [
      verb,
      actor,
      outcome?.type,
    ]),
  ).toEqual([
    ["startRun", "ada", "accepted"],
    ["sendSignal", "ada", "accepted"],
    ["sendSignal", "ada", "refused"],
    ["sendSignal", "ada", "accepted"],
    ["sendSignal", "ada", "refused"],
    ["startRun", "ada", "refused"],
  ]);
  const events = await on("runs", "show", "t-1", "--events");
  expect(events.out).toContain("ada sent signal approval.");
  const exported = (await on("runs", "show", "t-1", "--events", "--json")).out;
  await replay(exported, trip);
  const hasty = workflow("trip", async () => "at once");
  await expect(replay(exported, hasty)).rejects.toThrow(
    "The code does not fit the history of t-1, from event 2 on.\n  history: JobScheduled pay (j1)\n  code:    returns",
  );

  engineering.hotelIsUp = false;
  await on("runs", "start", "trip", "--run-id", "t-2");
  await until(async () => (await json("jobs", "list", "--status", "stuck")).count === 1);
  expect((await on("jobs", "list")).out).toMatch(
    /t-2 {2}j2 {3}bookHotel {2}stuck .* 1 of 1 {3}TypeError: connect ECONNREFUSED/,
  );
  const inVain = await on("jobs", "retry", "t-2", "j2", "--reason", "perhaps");
  expect(inVain).toEqual({
    status: 4,
    out: "",
    err: "It was done, but it failed again with TypeError: connect ECONNREFUSED\n",
  });
  const completed = await on(
    "jobs",
    "complete",
    "t-2",
    "j2",
    "--output",
    '"by phone"',
    "--reason",
    "called them",
  );
  expect(completed).toEqual({ status: 0, out: "Completed j2 of t-2.\n", err: "" });

  await on("runs", "start", "trip", "--run-id", "t-3", "--input", '{"approval":true}');
  expect((await on("runs", "cancel", "t-3", "--reason", "not needed")).out).toBe("t-3 is being cancelled.\n");
  const refused = await on("runs", "terminate", "t-1", "--reason", "too late");
  expect(refused).toEqual({ status: 4, out: "", err: "Refused: The run is over: it is completed.\n" });

  expect((await on("overview")).out).toMatch(
    /^Open now: \d+ runs?: \d+ running, \d+ waiting, \d+ stuck\.\n\nWORKFLOW .*\ntrip +3 /,
  );
  expect(await json("overview")).toMatchObject({ totals: { started: 3 }, freshness: { behind: 0 } });
  const compared = await on("overview", "--compare", "week", "--time-zone", "Asia/Tokyo");
  expect(compared.out).toMatch(/\nCompared with \S+Z to \S+Z\. This period is not over: its part until /);
  expect(compared.out).toMatch(
    /\nFIGURE +NOW +BEFORE +DIFFERENCE\nstarted +\d+ +0 +(none before|as before)\n/,
  );
  expect(
    await json("overview", "--compare", "before", "--from", "2020-01-01", "--to", "2020-02-01"),
  ).toMatchObject({
    totals: { started: 0 },
    comparison: { with: "before", isPart: false, earlier: { totals: { started: 0 } } },
  });
  expect(await on("overview", "--compare", "month")).toMatchObject({ status: 2, out: "" });

  engineering.hotelIsUp = true;
  const waiting = ["--run-id", "t-4", "--input", '{"approval":true}', "--wait", "1"];
  const waited = await on("runs", "start", "trip", ...waiting);
  expect(waited.status).toBe(6);
  expect(waited.err).toMatch(/^It is still running: /);
});

test("who waits for the end of a run that gets stuck is told at once why", async () => {
  const bug = workflow("bug", async () => {
    throw new TypeError("a bug");
  });
  await using engineering = await openEngineering(["public/default"], { workflows: [bug] });
  await using server = await startServer({ DOWNBEAT_LOG_URL: engineering.url });
  await until(async () => (await fetch(`${server.url}/readyz/reads`)).ok);
  const args = ["runs", "start", "bug", "--run-id", "b-1", "--wait", "86400", "--url", server.url];
  const { status, out, err } = await downbeat(args);
  expect(status).toBe(4);
  expect(out).toMatch(/^b-1 stuck after .*a bug/);
  expect(err).toMatch(/^It is stuck and waits for a person: .*a bug/);
});

test.each(["start", "dev", "setup", "doctor"])(
  "the variables that %s --help names are those of the docs",
  async (command) => {
    const { out } = await downbeat([command, "--help"]);
    const folder = join(import.meta.dirname, "../../../docs");
    const pages = (await readdir(folder)).filter((name) => name.endsWith(".md"));
    const docs = (await Promise.all(pages.map((page) => readFile(join(folder, page), "utf8")))).join("");
    const named = Array.from(out.replaceAll(/\s+/g, " ").matchAll(/env: (\w+)/g), ([, name = ""]) => name);
    if (command !== "dev") expect(named).toContain("DOWNBEAT_LOG_URL");
    expect(named.filter((name) => !docs.includes(name))).toEqual([]);
  },
);

test("what goes wrong is one sentence on stderr and a status of its own", async () => {
  await using engineering = await openEngineering();
  await using server = await startServer({ DOWNBEAT_LOG_URL: engineering.url });
  await until(async () => (await fetch(`${server.url}/readyz/reads`)).ok);
  const on = (...args: string[]) => downbeat([...args, "--url", server.url]);

  expect(await on("runs", "show", "nobody")).toEqual({
    status: 3,
    out: "",
    err: "There is no run nobody.\n",
  });
  expect(await on("runs", "cancel", "nobody")).toMatchObject({
    status: 2,
    err: expect.stringContaining("--reason"),
  });
  expect(await on("runs", "start", "trip", "--input", "{x")).toMatchObject({
    status: 2,
    err: expect.stringContaining("is not JSON"),
  });
  expect(await on("runs", "start", "trip", "--input-file", "/no/such/file")).toMatchObject({
    status: 2,
    err: expect.stringContaining("can't be read"),
  });
  expect(await on("runs", "start", "nope")).toEqual({
    status: 4,
    out: "",
    err: "Refused: There is no workflow nope. There are trip.\n",
  });
  expect(await on("runs", "start", "trip", "--run-id", "..")).toMatchObject({
    status: 2,
    err: expect.stringContaining("no . or .. alone"),
  });
  expect(await on("runs", "start", "trip", "--label", "__proto__=x")).toMatchObject({
    status: 2,
    err: expect.stringContaining("can't be named __proto__"),
  });
  expect(await on("runs", "start", "trip", "--run-id", "café".normalize("NFD"))).toMatchObject({
    status: 2,
    err: expect.stringContaining("is not in Unicode's normal form NFC"),
  });
  const labels = Array.from({ length: 21 }, (_, index) => ["--label", `l${index}=x`]).flat();
  expect(await on("runs", "start", "trip", ...labels)).toMatchObject({
    status: 2,
    err: expect.stringContaining("at most 20 labels"),
  });
  const long = JSON.stringify("x".repeat(1_200_000));
  expect(await downbeat(["runs", "start", "trip", "--input", "-", "--url", server.url], long)).toMatchObject({
    status: 2,
    err: expect.stringMatching(/^The request is too long: .* at most 131072 bytes/),
  });
  const byId = ["--run-id", "taken", "--action-id", "act-1"];
  expect(await on("runs", "start", "trip", "--input", '{"approval":true}', ...byId)).toMatchObject({
    status: 0,
  });
  const other = await on("runs", "start", "trip", "--input", '{"approval":false}', "--run-id", "taken");
  expect(other).toMatchObject({
    status: 4,
    err: expect.stringContaining("The id taken is taken: it is a run of trip with another input"),
  });
  const [, digest] = /\(digest (\w+), not \w+\)/.exec(other.err) ?? [];
  expect((await on("runs", "show", "taken")).out).toContain(`\nDigest    ${digest} (of the input)\n`);
  const again = ["runs", "start", "trip", "--run-id", "taken", "--input", '{ "approval": true }'];
  expect(await on(...again)).toEqual({
    status: 0,
    out: "The run taken exists already, with this workflow and input. Nothing was started.\n",
    err: "",
  });
  expect(await on(...again, "--if-exists", "fail")).toMatchObject({
    status: 4,
    err: expect.stringContaining("a run taken exists already"),
  });
  expect(await on("runs", "cancel", "taken", "--action-id", "act-1", "--reason", "x")).toEqual({
    status: 2,
    out: "",
    err: "The action id act-1 is taken: it was startRun on run taken. Nothing was done; choose another action id.\n",
  });
  for (const missing of [
    ["jobs", "retry", "taken", "j99"],
    ["jobs", "retry", "nobody", "j1"],
    ["runs", "cancel", "nobody"],
    ["runs", "resume", "nobody"],
  ])
    expect(await on(...missing, "--reason", "x"), missing.join(" ")).toMatchObject({ status: 3, out: "" });
  const folder = await mkdtemp(join(tmpdir(), "downbeat-cli-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  const file = join(folder, "input.json");
  const fromFile = (id: string) => on("runs", "start", "trip", "--input-file", file, "--run-id", id);
  await writeFile(file, Buffer.from('{"approval":true,"guest":"Jörgen"}', "latin1"));
  expect(await fromFile("latin")).toMatchObject({
    status: 2,
    err: expect.stringContaining(`${file} is not UTF-8 (byte 28). Save it as UTF-8`),
  });
  const exact = '{"approval":true,"guest":"Jörgen","id":3544790567247868102,"price":1.10,"2":0,"1":0}';
  await writeFile(file, `\ufeff${exact}`);
  expect(await fromFile("marked")).toMatchObject({ status: 0 });
  const asked = await downbeat(["runs", "show", "marked", "--json"], "", { DOWNBEAT_URL: server.url });
  expect(JSON.parse(asked.out).input).toBe(exact);
  expect(await on("jobs", "list", "--limit", "1.5")).toMatchObject({
    status: 2,
    err: expect.stringContaining("Give a whole number"),
  });
  expect((await downbeat(["overview", "--help"])).out).toContain("(default: 1h)");
  expect((await on("workers")).out).toMatch(
    /^NAME +HOST +BUILD +STARTED +LOAD +JOBS +WORKFLOWS\n.* \d+ of \d+ +(?:\S+ \(\d+\)(?:, )?)+/,
  );
  expect(JSON.parse((await on("workers", "--json")).out).workers[0]).toMatchObject({
    name: expect.any(String),
    jobs: expect.any(Array),
  });
  expect((await on("quarantine", "list")).out).toMatch(
    /^ENTRY +WHEN +WHAT +DONE +WHY\n.* StartRun nope-\S+ +There is no workflow nope\. There are trip\.\n$/,
  );
  expect(await on("runs", "list", "--status", "sideways")).toMatchObject({
    status: 2,
    err: expect.stringMatching(/^The input can't be taken: status must be running, waiting, stuck, /),
  });
  expect(await on("runs", "list", "--from", "yesterday")).toMatchObject({ status: 2 });
  expect(await downbeat(["runs", "list", "--url", "http://127.0.0.1:9"])).toMatchObject({
    status: 5,
    err: expect.stringMatching(/^No Downbeat server answers at http:\/\/127\.0\.0\.1:9\. .*\n$/),
  });
  expect(await downbeat(["nonsense"])).toMatchObject({ status: 2 });
  expect(await downbeat(["--help"])).toMatchObject({ status: 0, err: "" });
});

test("a command asks the namespace it is told, or the server's first", async () => {
  await using engineering = await openEngineering(["public/default", "acme/orders", "acme/payments"]);
  await using server = await startServer({
    DOWNBEAT_LOG_URL: engineering.url,
    DOWNBEAT_NAMESPACES: "public/default,acme/orders,acme/payments",
  });
  const on = (...args: string[]) => downbeat([...args, "--url", server.url]);
  await until(async () => {
    const started = await on("runs", "start", "trip", "--run-id", "t-1", "--namespace", "orders");
    return started.status === 0;
  });
  const orders = ["--tenant", "acme", "--namespace", "orders"];
  expect((await on("runs", "show", "t-1", ...orders)).out).toMatch(/^t-1 {2}trip/);
  expect(await on("runs", "show", "t-1")).toMatchObject({ status: 3, err: "There is no run t-1.\n" });
  expect((await on("runs", "list", "--namespace", "default")).out).toMatch(/^No matches\./);

  expect(await on("runs", "list", "--tenant", "acme")).toMatchObject({
    status: 2,
    err: "Say which is meant with --tenant and --namespace: acme/orders, acme/payments.\n",
  });
  expect(await on("runs", "list", "--namespace", "secret")).toMatchObject({
    status: 3,
    err: `The server at ${server.url} has no namespace secret. It serves public/default, acme/orders, acme/payments.\n`,
  });
  expect(await on("runs", "list", "--tenant", "acme", "--namespace", "secret")).toMatchObject({
    status: 3,
    err: expect.stringContaining("This server does not serve acme/secret"),
  });
});

test("start says at once what it can't take", async () => {
  const refused: [readonly string[], RegExp][] = [
    [["--pulsar", "http://broker"], /--pulsar can't be "http:\/\/broker": give an address such as ws:/],
    [
      ["--pulsar", "ws://broker:8080?token=x"],
      /a token goes into DOWNBEAT_PULSAR_TOKEN or the file of --pulsar-token-file/,
    ],
    [
      ["--pulsar", "ws://broker:8080", "--pulsar-token-file", "/nowhere"],
      /--pulsar-token-file can't be "\/nowhere"/,
    ],
    [["--pulsar", "ws://broker:8080", "--pulsar-ca", "/nowhere"], /--pulsar-ca can't be "\/nowhere"/],
    [
      ["--pulsar", "ws://broker:8080", "--pulsar-ca", import.meta.filename],
      /holds no certificate in PEM form/,
    ],
    [
      ["--pulsar", "ws://broker:8080", "--pulsar-cert", import.meta.filename],
      /DOWNBEAT_PULSAR_KEY_FILE is missing: a client certificate and its private key belong together/,
    ],
    [
      ["--pulsar", "ws://broker:8080", "--pulsar-oauth-issuer", "http://issuer"],
      /--pulsar-oauth-issuer \(or DOWNBEAT_PULSAR_OAUTH_ISSUER\) can't be taken: an https:\/\/ address/,
    ],
    [
      ["--pulsar", "ws://broker:8080", "--pulsar-oauth-issuer", "https://issuer"],
      /An OAuth client needs DOWNBEAT_PULSAR_OAUTH_CLIENT_ID and DOWNBEAT_PULSAR_OAUTH_CLIENT_SECRET/,
    ],
    [["--pulsar-client", "native"], /give its address with --pulsar/],
    [["--pulsar-sql", "http://trino:8081"], /^--pulsar-sql .* give its address with --pulsar ws/],
    [["--pulsar-admin", "http://broker:8080"], /^--pulsar-admin .* give its address with --pulsar ws/],
    [["--engines", "0"], /'0' is invalid\./],
    [["--engines", "17"], /'17' is invalid\./],
    [["--host", "0.0.0.0"], /listens on this machine only/],
    [["--hot-window", "abc"], /'abc' is invalid\. Expected a number and its unit .*, such as 30d\./],
    [["--hot-window", "-5d"], /'-5d' is invalid\. Expected a number and its unit/],
    [["--keep-closed", "12h"], /'12h' is invalid\. Expected at least a day, such as 30d/],
    [["--keep-closed", "30d", "--keep-ids", "7d"], /can't be shorter than DOWNBEAT_KEEP_CLOSED/],
    [["--keep-ids", "7d"], /needs DOWNBEAT_KEEP_CLOSED/],
    [
      ["--pulsar", "ws://broker:8080", "--keep-closed", "30d"],
      /are for the embedded log\. On a cluster the retention of the topics history-partition-… says how long/,
    ],
  ];
  const dataDir = await mkdtemp(join(tmpdir(), "downbeat-cli-"));
  for (const [args, words] of refused) {
    const { status, out, err } = await downbeat(["start", "--port", "0", "--data-dir", dataDir, ...args]);
    expect(status, args.join(" ")).toBe(2);
    expect(out).toBe("");
    expect(err).toMatch(words);
  }
  await rm(dataDir, { recursive: true });
});

test("what a workflow takes is shown as workers announced it, and what only they check", async () => {
  await using engineering = await openEngineering();
  await using server = await startServer({ DOWNBEAT_LOG_URL: engineering.url });
  await until(async () => (await fetch(`${server.url}/readyz/reads`)).ok);
  const placeOrder = workflow(
    "placeOrder",
    {
      input: z.object({ cents: z.int(), note: z.string().trim().max(9).optional() }),
      signals: { approval: z.boolean() },
    },
    async () => {},
  );
  const hosted = worker({ log: engineering.log, workflows: [placeOrder], isolation: "none", build: "7" });
  await hosted.ready;
  onTestFinished(() => hosted.stop());
  const on = (...args: string[]) => downbeat(["workflows", ...args, "--url", server.url]);
  expect((await on()).out).toMatch(
    /^NAME +WORKERS +BUILD +ANNOUNCED +INPUT +SIGNALS\nplaceOrder +1 +7 +(now|\d+ s ago) +cents, note\? +approval\n$/,
  );
  const { out } = await on("placeOrder");
  expect(out).toMatch(
    /^placeOrder: one worker\n\nInput: workers check more than JSON Schema can say of note\.\n\{/,
  );
  expect(out).toMatch(/\n\nSignal approval:\n\{[^}]*"type": "boolean"\n\}\n\nOutput: anything\n$/);
  expect(JSON.parse((await on("placeOrder", "--json")).out)).toMatchObject({
    workflow: "placeOrder",
    workers: 1,
    input: { required: ["cents"] },
    leftOut: [{ of: "input", why: "partly", places: ["note"] }],
  });
  expect(await on("nope")).toMatchObject({ status: 3, err: "No worker has announced a workflow nope.\n" });
});

test("an address that a variable gave is called by the variable's name", async () => {
  const started = await downbeat(["start", "--port", "0"], "", { DOWNBEAT_LOG_URL: "nowhere" });
  expect(started).toMatchObject({ status: 2, err: expect.stringContaining("DOWNBEAT_LOG_URL") });
});

test("the embedded log and a cluster are not both started on", async () => {
  const started = await downbeat(["start", "--port", "0", "--embedded", "--pulsar", "ws://127.0.0.1:9"]);
  expect(started).toMatchObject({
    status: 2,
    err: "--embedded and --pulsar name two logs: give one of them.\n",
  });
});
