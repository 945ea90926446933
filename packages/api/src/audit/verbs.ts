/** What people do, as an entry's line begins: "Ada … cancelled a run". */
const words: Readonly<Record<string, string>> = {
  "runs.start": "start a run",
  "runs.cancel": "cancel a run",
  "runs.repair": "repair a run",
  "runs.terminate": "terminate a run",
  "runs.resume": "resume a run",
  "runs.reveal": "see what is masked",
  "runs.hide": "mask again",
  "runs.signal": "send a signal",
  "jobs.retry": "retry a job",
  "jobs.cancel": "cancel a job",
  "jobs.complete": "complete a job",
  "jobs.runNow": "run a job now",
  "timers.fire": "fire a timer",
  "timers.postpone": "postpone a timer",
  "timers.cancel": "cancel a timer",
  "attention.mark": "mark a cause",
  "alerts.save": "save a rule of alerts",
  "alerts.silence": "silence a rule of alerts",
  "alerts.delete": "delete a rule of alerts",
  "alerts.test": "test a channel",
  "bulk.start": "start a bulk action",
  "bulk.pause": "pause a bulk action",
  "bulk.resume": "resume a bulk action",
  "bulk.stop": "stop a bulk action",
  "analytics.run": "run SQL",
  "analytics.cancel": "cancel SQL",
  "savedQueries.save": "save a query",
  "savedQueries.delete": "delete a query",
  "quarantine.resend": "send again what was in quarantine",
  "quarantine.drop": "drop an entry of the quarantine",
  "savedViews.save": "save a view",
  "savedViews.delete": "delete a view",
  "lists.export": "export a list",
  "exports.note": "export",
  "session.signIn": "sign in",
  "session.signOut": "sign out",
  "api.ask": "ask where they have no role",
  "audit.lose": "lose entries",
  "audit.overflow": "be refused too often for each to be told",
  "accounts.add": "add an account",
  "accounts.change": "change an account",
  "accounts.remove": "remove an account",
  "tokens.add": "make a token",
  "tokens.withdraw": "withdraw a token",
};

export const auditVerbs: readonly string[] = Object.keys(words);

/** In English; of a verb that this version doesn't know, itself. */
export function verbWords(verb: string): string {
  return Object.hasOwn(words, verb) ? (words[verb] ?? verb) : verb;
}
