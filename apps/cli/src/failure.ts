/** Exit statuses, as docs/cli.md lists them. */
export const exitStatus = {
  failed: 1,
  usage: 2,
  notFound: 3,
  refused: 4,
  unreachable: 5,
  unknownOutcome: 6,
} as const;

/** Ends the command with one sentence on stderr. */
export class CommandFailure extends Error {
  override readonly name = "CommandFailure";
  readonly exitStatus: number;

  constructor(status: keyof typeof exitStatus, sentence: string) {
    super(sentence);
    this.exitStatus = exitStatus[status];
  }
}
