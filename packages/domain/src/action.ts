/** What a person did, or asked for: carried by every event that came of it, so that the audit log is the history itself. */
export interface Action {
  /** Chosen by whoever sends it; the same id twice is the same action. */
  readonly actionId: string;
  readonly actor: string;
  readonly reason: string;
}
