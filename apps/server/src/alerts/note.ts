/** What somebody is told. */
export interface AlertNote {
  /** The same however often it is sent. */
  readonly id: string;
  readonly of: "opened" | "resolved" | "test";
  /** `tenant/namespace` */
  readonly namespace: string;
  readonly ruleId: string;
  /** Of the rule. */
  readonly name: string;
  readonly sentence: string;
  /** ms since the epoch */
  readonly openedAt: number;
  readonly resolvedAt: number | undefined;
  /** Of the page that tells more, where it is known. */
  readonly url: string | undefined;
}

const marks = { opened: "Alert", resolved: "Resolved", test: "Test" } as const;

/** A line: what it is about. */
export function subjectOf({ of, name, namespace }: AlertNote): string {
  return `${marks[of]}: ${oneLine(name)} (${namespace})`;
}

export function textOf(note: AlertNote): string {
  const { sentence, url } = note;
  return [subjectOf(note), oneLine(sentence), ...(url === undefined ? [] : [url])].join("\n");
}

/** What people wrote can't end the line, nor the header, that it stands in. */
function oneLine(text: string): string {
  return text.replaceAll(/[\p{C}\p{Zl}\p{Zp}]+/gu, " ");
}
