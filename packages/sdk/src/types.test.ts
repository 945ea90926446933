import { expectTypeOf, test } from "vitest";
import { z } from "zod";
import type { RunHandle } from "./client/index.ts";
import { BusinessError } from "./errors.ts";
import { type Job, job } from "./job.ts";
import type { Run } from "./run.ts";
import type { JobContext } from "./worker/index.ts";
import { type Workflow, workflow } from "./workflow.ts";

type InputOf<W> = W extends Workflow<infer Input, infer _> ? Input : never;
type OutputOf<W> = W extends Workflow<infer _, infer Output> ? Output : never;

test("types go from the definitions to the code that uses them", () => {
  const typed = job<{ amount: number }, { receipt: string }>("typed");
  const nothing = job("nothing");
  const checked = job("checked", {
    input: z.object({ at: z.coerce.number(), note: z.string().default("") }),
    output: z.object({ room: z.string().transform(Number) }),
    startToCloseMs: 5,
  });
  expectTypeOf(checked).toEqualTypeOf<
    Job<
      { at: unknown; note?: string | undefined },
      { room: number },
      { at: number; note: string },
      { room: string }
    >
  >();

  const booking = workflow(
    "booking",
    { input: z.object({ id: z.string(), tries: z.number().default(1) }) },
    async (run, input) => {
      expectTypeOf(input).toEqualTypeOf<{ id: string; tries: number }>();
      expectTypeOf(await run.job(typed, { amount: 1 })).toEqualTypeOf<{ receipt: string }>();
      expectTypeOf(await run.job(checked, { at: 1 })).toEqualTypeOf<{ room: number }>();
      await run.job(nothing);
      run.compensate(nothing, undefined, { startToCloseMs: 1 });
      // @ts-expect-error the input is missing
      void run.job(typed);
      // @ts-expect-error the input has another type
      void run.job(typed, { amount: "1" });
      // @ts-expect-error no such unit
      void run.sleep("1 fortnight");
      expectTypeOf(run.signal<number>("n")).resolves.toEqualTypeOf<number>();
      expectTypeOf(run.signal<number>("n", { timeout: 1 })).resolves.toEqualTypeOf<number | undefined>();
      expectTypeOf(run.signal("n", { schema: z.boolean() })).resolves.toEqualTypeOf<boolean>();
      expectTypeOf(run.signal("n", { timeout: 1, schema: z.boolean() })).resolves.toEqualTypeOf<
        boolean | undefined
      >();
      return 7;
    },
  );
  expectTypeOf<InputOf<typeof booking>>().toEqualTypeOf<{ id: string; tries?: number | undefined }>();
  expectTypeOf<OutputOf<typeof booking>>().toEqualTypeOf<number>();
  const plain = workflow("plain", async (_, input: string) => [input]);
  expectTypeOf<InputOf<typeof plain>>().toEqualTypeOf<string>();
  expectTypeOf<OutputOf<typeof plain>>().toEqualTypeOf<string[]>();
});

test("signals that a workflow declares have their types where its code waits for them", () => {
  const approval = z.object({ approved: z.boolean(), by: z.string().default("") });
  const helper = async (run: Run) => run.signal("approval", { schema: approval });
  workflow("declared", { signals: { approval } }, async (run) => {
    expectTypeOf(run.signal("approval")).resolves.toEqualTypeOf<{ approved: boolean; by: string }>();
    expectTypeOf(run.signal("approval", { timeout: 1 })).resolves.toEqualTypeOf<
      { approved: boolean; by: string } | undefined
    >();
    expectTypeOf(run.signal("other")).resolves.toEqualTypeOf<unknown>();
    await helper(run);
  });
});

test("what JSON would lose is no input or output that compiles", () => {
  interface Tree {
    readonly value: number;
    readonly note?: string;
    readonly branches: readonly Tree[];
  }
  job<Tree, { colour: "red" | null; pair: [number, string]; kind: string & { readonly brand: "kind" } }>(
    "fine",
  );
  job<Record<string, unknown>, unknown>("open");
  job("taken", { output: z.object({ at: z.coerce.date() }) });
  workflow("tree", async (_, tree: Tree): Promise<Tree | undefined> => tree.branches[0]);
  // @ts-expect-error a Map
  job<Map<string, number>>("map");
  // @ts-expect-error a Set, inside
  job<void, { tags: readonly Set<string>[] }>("set");
  // @ts-expect-error a Date
  job<{ at: Date }>("date");
  // @ts-expect-error a Date that no schema makes of text
  job("raw", { input: z.object({ at: z.date() }) });
  // @ts-expect-error a BigInt
  job<{ cents: bigint | number }>("bigint");
  // @ts-expect-error an instance, for it has methods
  job<{ to: URL }>("instance");
  // @ts-expect-error a Buffer
  job<void, Buffer>("buffer");
  // @ts-expect-error it returns a Map
  workflow("map", async () => new Map([["a", 1]]));
  // @ts-expect-error it returns a Map, and takes anything
  job<unknown, Map<string, number>>("anything");
  // @ts-expect-error it returns a Map, with settings that say nothing of it
  workflow("set", {}, async () => new Map([["a", 1]]));
  // @ts-expect-error it takes a Date
  workflow("date", async (_, due: { at: Date }) => due.at.getTime());
  expectTypeOf(job).toBeFunction();
});

test("what JSON would lose is no signal, no detail of a refusal and no answer of a person that compiles", () => {
  const inEuros = z.codec(z.string(), z.date(), {
    decode: (text) => new Date(text),
    encode: (date) => date.toISOString(),
  });
  const wait = <Sent>(run: Run, name: string, schema: z.ZodType<Sent, string>) =>
    run.signal(name, { schema });
  const waiting = async (run: Run, handle: RunHandle<unknown>, { heartbeat }: JobContext) => {
    expectTypeOf(run.signal("any")).resolves.toEqualTypeOf<unknown>();
    expectTypeOf(run.signal<{ by: string }>("typed")).resolves.toEqualTypeOf<{ by: string }>();
    // What a schema makes of JSON may be anything.
    expectTypeOf(run.signal("codec", { schema: inEuros })).resolves.toEqualTypeOf<Date>();
    expectTypeOf(run.signal("late", { schema: z.coerce.date(), timeout: 1 })).resolves.toEqualTypeOf<
      Date | undefined
    >();
    expectTypeOf(wait(run, "generic", inEuros)).resolves.toEqualTypeOf<Date>();
    // @ts-expect-error a Map
    void run.signal<Map<string, number>>("map");
    // @ts-expect-error a Date, inside, in time
    void run.signal<{ at: Date }>("date", { timeout: 1 });
    // @ts-expect-error a Date that no schema makes of text
    void run.signal("raw", { schema: z.date() });
    // @ts-expect-error a Set
    void handle.signal("set", new Set([1]));
    void handle.signal("fine", { tags: ["a"], note: undefined as string | undefined });
    void handle.signal("unknown", {} as unknown, { signalId: "1" });
    // @ts-expect-error a Date
    void handle.completeJob("j1", { at: new Date() }, "it was done");
    // @ts-expect-error a BigInt
    void handle.retryJob("j1", "it is up", { input: { cents: 7n } });
    // @ts-expect-error a Map
    heartbeat({ done: new Map() });
    heartbeat({ done: 7 });
    heartbeat();
  };
  const lost = (seats: Map<string, number>) =>
    // @ts-expect-error a Map
    new BusinessError("SoldOut", "no seats", { seats });
  const kept = [
    new BusinessError("SoldOut", "no seats", { seats: [1] }),
    new BusinessError("SoldOut", "no seats"),
  ];
  const caught = (error: unknown) => (error instanceof BusinessError ? error.details : undefined);
  expectTypeOf(caught).returns.toEqualTypeOf<unknown>();
  // @ts-expect-error a signal that is declared with what JSON has not
  workflow("declared", { signals: { due: z.date() } }, async () => {});
  workflow("decoded", { signals: { due: inEuros } }, async (run) => {
    expectTypeOf(run.signal("due")).resolves.toEqualTypeOf<Date>();
  });
  expectTypeOf({ waiting, lost, kept }).toBeObject();
});

test("a generic wrapper compiles when it has a schema, or says that types don't tell what is carried", () => {
  const approve = <T>(handle: RunHandle<unknown>, answer: T) => handle.signal<unknown>("approval", answer);
  const finish = <T>(handle: RunHandle<unknown>, output: T) =>
    handle.completeJob("j1", output as unknown, "it was done");
  const answer = <T>(run: Run, schema: z.ZodType<T> | undefined) => run.signal("approval", { schema });
  const inTime = <T>(run: Run, schema?: z.ZodType<T>) => run.signal("approval", { schema, timeout: 1 });
  const blind = async <T>(run: Run) => (await run.signal<unknown>("approval")) as T;
  // @ts-expect-error what T is, nobody knows
  const unsaid = <T>(handle: RunHandle<unknown>, answer: T) => handle.signal("approval", answer);
  // @ts-expect-error the same
  const unread = <T>(run: Run) => run.signal<T>("approval");
  const use = (run: Run) => {
    expectTypeOf(answer(run, z.number())).resolves.toEqualTypeOf<number>();
    expectTypeOf(inTime(run, z.number())).resolves.toEqualTypeOf<number | undefined>();
  };
  expectTypeOf({ approve, finish, blind, unsaid, unread, use }).toBeObject();
});

test("names and options that could not be recorded are refused where they are written", () => {
  expectTypeOf(job).toBeFunction();
  for (const name of ["", "1st", "a b", "x".repeat(101), "böök"]) {
    if (isTaken(() => job(name)) || isTaken(() => workflow(name, async () => 1))) throw new Error(name);
  }
  if (isTaken(() => job("a", { retry: { maxAttempts: 0 } }))) throw new Error("maxAttempts");
  if (isTaken(() => job("a", { startToCloseMs: -1 }))) throw new Error("startToCloseMs");
});

function isTaken(define: () => unknown): boolean {
  try {
    define();
    return true;
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return false;
  }
}
