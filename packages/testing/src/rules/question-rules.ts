import type { Patch } from "./patch.ts";

/** Of code that lives in workers. */
export const questionRules = {
  answersToTheQuestion: [
    {
      file: "decider.ts",
      find: "return decide(state, command, at);",
      replace: `const asked = state?.status === "running" ? state.delegated?.asked : undefined;
      if (command.type === "AnswerQuestion" && asked !== undefined)
        return decide(state, { ...command, upTo: asked.upTo }, at);
      return decide(state, command, at);`,
    },
  ],
  newsMakesQuestion: [
    {
      file: "fold.ts",
      find: "state = evolve(before, event, { runId, seq, at, inputId, unfinished: seq === last });",
      replace: `state = evolve(before, event, { runId, seq, at, inputId, unfinished: seq === last });
    if (event.type === "CodeAnswered" && state.status === "running" && state.delegated !== undefined) {
      const { hasNews: _, ...heard } = state.delegated;
      state = { ...state, delegated: heard };
    }`,
    },
  ],
  signalsWaitForAnswer: [
    {
      file: "decider.ts",
      find: "return decide(state, command, at);",
      replace: `if (command.type === "SendSignal" && state?.status === "running" && state.delegated !== undefined) {
        const { asked: _, ...delegated } = state.delegated;
        return decide({ ...state, delegated }, command, at);
      }
      return decide(state, command, at);`,
    },
  ],
  toldInCodesOrder: [
    {
      file: "question-of.ts",
      find: "inCodesOrder(entry.history.slice(continues?.upTo ?? 0, upTo))",
      replace: "entry.history.slice(continues?.upTo ?? 0, upTo)",
    },
    {
      file: "question-of.ts",
      find: "import { type AskCode, inCodesOrder }",
      replace: "import type { AskCode }",
    },
  ],
  questionsAskedAgain: [
    {
      file: "deadlines.ts",
      find: "for (const { command } of deadlines(entry.state, now)) commands.push(command);",
      replace: `for (const { command } of deadlines(entry.state, now))
        if (command.type !== "AskAgain") commands.push(command);`,
    },
  ],
  askedOfItsBuild: [
    {
      file: "effect-publisher.ts",
      find: "if (!isAskedOfBuild) return",
      replace: "if (isAskedOfBuild || !isAskedOfBuild) return",
    },
  ],
  askedElsewhere: [
    { file: "decider.ts", find: "this.#delegation.buildsOf(state.workflow)", replace: "[]" },
    {
      file: "question-publisher.ts",
      find: "questionKey(asked.runId, turn)",
      replace: "questionKey(asked.runId)",
    },
  ],
  untakenAskedElsewhere: [
    {
      file: "decider.ts",
      find: "return decide(state, command, at, this.#delegation.buildsOf(state.workflow));",
      replace: `{
        const isUntaken = command.because === "notMine" && command.failure !== undefined;
        return decide(state, command, at, isUntaken ? [] : this.#delegation.buildsOf(state.workflow));
      }`,
    },
  ],
  allAskedBeforePassingOver: [
    {
      file: "question-of.ts",
      find: "...(asked.passesOver === true && { passesOver: true }),",
      replace: "passesOver: true,",
    },
  ],
  passedOverByLast: [
    {
      file: "question-of.ts",
      find: "...(asked.passesOver === true && { passesOver: true }),",
      replace: "",
    },
  ],
  endsCounted: [
    {
      file: "decider.ts",
      find: "return decide(state, command, at, this.#delegation.buildsOf(state.workflow));",
      replace: `{
        const again = command.because === "workerEnded" ? ({ ...command, because: "history" } as const) : command;
        return decide(state, again, at, this.#delegation.buildsOf(state.workflow));
      }`,
    },
  ],
  endsHeldBack: [
    {
      file: "effect-publisher.ts",
      find: "{ topic, turn, deliverAt: notBefore }",
      replace: "{ topic, turn, deliverAt: question.ends === undefined ? notBefore : undefined }",
    },
  ],
  whatMayHaveEndedSpared: [
    {
      file: "decider.ts",
      find: "return decide(state, command, at, this.#delegation.buildsOf(state.workflow));",
      replace: `{
        const builds = this.#delegation.buildsOf(state.workflow);
        if (command.because !== "workerEnded") return decide(state, command, at, builds);
        const { ended: _, ...counted } = command;
        return decide(state, counted, at, builds);
      }`,
    },
  ],
  whatMayHaveEndedCounted: [
    {
      file: "decider.ts",
      find: "return decide(state, command, at, this.#delegation.buildsOf(state.workflow));",
      replace: `{
        const again =
          command.because === "workerEnded" && command.ended === "maybe"
            ? ({ ...command, because: "history" } as const)
            : command;
        return decide(state, again, at, this.#delegation.buildsOf(state.workflow));
      }`,
    },
  ],
} as const satisfies Record<string, readonly Patch[]>;
