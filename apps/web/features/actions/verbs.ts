import type { ActionTarget, PersonVerb } from "./target.ts";

export interface VerbText {
  /** Verb and object: what the button says. */
  readonly button: (target: ActionTarget) => string;
  /** What it will do, said before the click. */
  readonly consequence: (target: ActionTarget) => string;
  readonly isDestructive?: boolean;
  /** How to get out without doing it; only where the difference must be unmistakable. */
  readonly keep?: (target: ActionTarget) => string;
  readonly asks?: "input" | "output" | "signal" | "moment";
}

const job = ({ jobType, jobId }: ActionTarget): string => jobType ?? jobId ?? "the job";

export const verbs: Readonly<Record<PersonVerb, VerbText>> = {
  retryJob: {
    button: (target) => `Retry ${job(target)}`,
    consequence: (target) =>
      `${job(target)} gets a fresh set of attempts, the first of them at once. The run goes on where it stopped if one succeeds.`,
    asks: "input",
  },
  cancelJob: {
    button: (target) => `Cancel ${job(target)}`,
    consequence: (target) =>
      `${job(target)} is given up. The workflow's code learns of it as a failure: it may go another way, or fail the run and undo what was done.`,
    isDestructive: true,
    keep: () => "Keep the job",
  },
  completeJob: {
    button: (target) => `Complete ${job(target)} with a value`,
    consequence: (target) =>
      `The run goes on as if ${job(target)} had answered with this value. Nothing is done by the service itself: make sure that what it stands for is true.`,
    asks: "output",
  },
  runJobNow: {
    button: (target) => `Run ${job(target)} now`,
    consequence: (target) => `The pause before ${job(target)}'s next attempt ends at once.`,
  },
  cancelRun: {
    button: () => "Cancel the run",
    consequence: () =>
      "Work under way is waited for, nothing new is begun, and what was done is undone: every registered compensation runs, last one first.",
    isDestructive: true,
    keep: () => "Keep it running",
  },
  terminateRun: {
    button: () => "Terminate the run",
    consequence: ({ isSetAside }) => {
      const ends =
        "The run ends now. Nothing is waited for and nothing is undone: payments stay paid, bookings stay booked.";
      return isSetAside === true ? ends : `${ends} To clean up, cancel it instead.`;
    },
    isDestructive: true,
    keep: ({ isSetAside }) => (isSetAside === true ? "Leave it set aside" : "Keep it running"),
  },
  resumeRun: {
    button: () => "Resume the run",
    consequence: () =>
      "The workflow's code decides again what comes next. If the cause is still there, it gets stuck again, and nothing is lost.",
  },
  repairRun: {
    button: () => "Repair the run",
    consequence: () =>
      "The run goes on after its last good event, as if what its history says after that had never happened; one that was over is over again. Attempts that were under way are sent to workers again, with the same idempotency keys.",
    isDestructive: true,
    keep: () => "Leave it set aside",
  },
  sendSignal: {
    button: () => "Send a signal",
    consequence: () =>
      "The signal is delivered to the code when it waits for one of this name; until then it is kept. It can't be taken back.",
    asks: "signal",
  },
  fireTimer: {
    button: ({ timer }) =>
      timer?.kind === "signal" ? `End the wait for ${timer.name} now` : "End the sleep now",
    consequence: ({ timer }) =>
      timer?.kind === "signal"
        ? "The wait ends at once without its signal, as if its time had run out. The code sees the time at which the wait would have ended."
        : "The sleep ends at once, and the code continues. It sees the time until which it wanted to sleep. Nothing else that the run waits for changes.",
  },
  postponeTimer: {
    button: ({ timer }) =>
      timer?.kind === "signal"
        ? `Postpone the end of the wait for ${timer.name}`
        : "Postpone the end of the sleep",
    consequence: ({ timer }) =>
      timer?.kind === "signal"
        ? "The run waits for the signal until the new time."
        : "The run sleeps until the new time. The code notices only the time at which it continues.",
    asks: "moment",
  },
  liftTimeout: {
    button: ({ timer }) => `Let the wait for ${timer?.name ?? "the signal"} have no time-out`,
    consequence: () =>
      "The run waits for the signal for as long as it takes. That can’t be undone: without the signal, a person must end the wait.",
    isDestructive: true,
    keep: () => "Keep the time-out",
  },
  postponeRetry: {
    button: (target) => `Postpone the next attempt of ${job(target)}`,
    consequence: (target) => `${job(target)} is tried again at the new moment, and not before.`,
    asks: "moment",
  },
  timeOutJob: {
    button: (target) => `Time out the attempt of ${job(target)} now`,
    consequence: (target) =>
      `The attempt fails, as if its time had run out. Its worker is told to stop, and a later answer no longer counts. ${job(target)} is tried again if attempts are left; otherwise it is stuck.`,
    isDestructive: true,
    keep: () => "Let it go on",
  },
};
