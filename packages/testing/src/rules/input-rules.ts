import type { Patch } from "./patch.ts";

/** Of inputs and their effects: each once, and none lost. */
export const inputRules = {
  duplicatesAcknowledgedLate: [
    {
      file: "inbox-decider.ts",
      find: "for (const input of inputs) inbox.settle(input, records.number);",
      replace: `let first = 0;
    for (const input of inputs) {
      const own = decided.slice(first, (first += input.commands.length));
      inbox.settle(input, own.some((one) => one !== undefined) ? records.number : 0);
    }`,
    },
  ],
  duplicatesRecognised: [
    {
      file: "decider.ts",
      find: "return decide(state, command, at);",
      replace: `if (command.type === "StartRun" && state !== undefined)
        return { type: "accepted", events: [{ type: "LabelsSet", labels: {} }] };
      return decide(state, command, at);`,
    },
  ],
  acknowledgeAfterEffects: [
    {
      file: "owner.ts",
      find: "this.#publish(number, fold.cursor.count, effects);",
      replace: "this.#publish(number, fold.cursor.count, effects);\n    this.#o.inbox.advance(number);",
    },
  ],
  acknowledgeOnReadBack: [
    {
      file: "own-records.ts",
      find: "readonly fold: Fold;",
      replace: `readonly fold: Fold;
  readonly inbox: { advance(number: number): void };`,
    },
    {
      file: "own-records.ts",
      find: "#send({ record, payload }: OwnRecord): void {",
      replace: "#send({ record, payload, number }: OwnRecord): void {",
    },
    {
      file: "own-records.ts",
      find: `this.#unreceipted -= 1;
        this.#checkQuiet();`,
      replace: `this.#unreceipted -= 1;
        this.#checkQuiet();
        this.#o.inbox.advance(number);`,
    },
    {
      file: "owner.ts",
      find: "onSettled: ({ number }) => inbox.advance(number),",
      replace: "onSettled: () => {},",
    },
  ],
  effectsOnReadBack: [
    {
      file: "own-records.ts",
      find: "readonly fold: Fold;",
      replace: "readonly fold: Fold;\n  readonly onAppended: (own: OwnRecord) => void;",
    },
    {
      file: "own-records.ts",
      find: "this.#send(own);",
      replace: "this.#o.onAppended(own);\n    this.#send(own);",
    },
    {
      file: "owner.ts",
      find: "onAccepted: (own) => this.#accepted(own) }",
      replace: `onAccepted: (own) => this.#accepted(own),
      onAppended: (own) => this.#publish(own.number, fold.cursor.count + records.inFlight, own.effects) }`,
    },
    { file: "owner.ts", find: "this.#publish(number, fold.cursor.count, effects);", replace: "" },
  ],
  dispatchedUpToContiguous: [
    {
      file: "publishing.ts",
      find: "let first = entries[0];",
      replace:
        "for (const entry of entries) if (entry.left === 0) onPublished(entry);\n    let first = entries[0];",
    },
  ],
  snapshotOfAcceptedOnly: [
    {
      file: "fold.ts",
      find: "cursor: AcceptCursor = emptyCursor;",
      replace: `cursor: AcceptCursor = emptyCursor;
  speculative: (runId: string) => RunEntry | undefined = () => undefined;`,
    },
    {
      file: "fold.ts",
      find: "const entry = this.#hot.get(runId);",
      replace: "const entry = this.speculative(runId) ?? this.#hot.get(runId);",
    },
    {
      file: "decider.ts",
      find: "this.#fold = fold;",
      replace: "this.#fold = fold;\n    fold.speculative = (runId) => this.#speculative.get(runId);",
    },
  ],
  snapshotHoldsUndispatched: [
    { file: "fold.ts", find: "this.undispatched = [...head.undispatched];", replace: "" },
  ],
  snapshotHoldsCursor: [{ file: "fold.ts", find: "this.cursor = head.cursor;", replace: "" }],
  throwingInputIsOutcome: [
    {
      file: "decider.ts",
      find: "// A command that makes the core throw is a bug of ours; it must not take the partition with it.",
      replace: "if (error instanceof Error) throw error;",
    },
  ],
  unfinishedInputFinished: [
    {
      file: "decider.ts",
      find: "const state = this.entry(command.runId)?.state;",
      replace: `const state = this.entry("")?.state;`,
    },
    {
      file: "deadlines.ts",
      find: "for (const { command } of deadlines(entry.state, now)) commands.push(command);",
      replace: `for (const { command } of deadlines(entry.state, now))
        if (command.type !== "FinishStep") commands.push(command);`,
    },
  ],
  deadlyInputIsOutcome: [
    {
      file: "deadly-commands.ts",
      find: "this.#carefully = mostCareful;",
      replace: "this.#carefully = 0;",
    },
  ],
  tombstones: [
    {
      file: "fold.ts",
      find: "if (stored !== undefined) this.#hot.set(runId, stored);",
      replace: `if (stored !== undefined && stored.state.status !== "running") return undefined;
    if (stored !== undefined) this.#hot.set(runId, stored);`,
    },
    {
      file: "fold.ts",
      find: "this.#hot.set(runId, entry);",
      replace: `if (entry.state.status !== "running") this.#hot.delete(runId);
    else this.#hot.set(runId, entry);`,
    },
  ],
} as const satisfies Record<string, readonly Patch[]>;
