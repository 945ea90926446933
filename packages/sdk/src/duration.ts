const units = {
  ms: 1,
  second: 1_000,
  minute: 60_000,
  hour: 3_600_000,
  day: 86_400_000,
  week: 604_800_000,
} as const;

type Unit = keyof typeof units | "seconds" | "minutes" | "hours" | "days" | "weeks";

/** Milliseconds, or text such as `"90 seconds"`. A day is 24 hours; for calendar days see `nextWeekday`. */
export type Duration = number | `${number} ${Unit}`;

/** @throws RangeError for what is no duration */
export function milliseconds(duration: Duration): number {
  const ms = typeof duration === "number" ? duration : parse(duration);
  if (!Number.isFinite(ms) || ms < 0) throw new RangeError(`${JSON.stringify(duration)} is no duration.`);
  return Math.ceil(ms);
}

function parse(text: string): number {
  const match = /^(\d+(?:\.\d+)?) (ms|(second|minute|hour|day|week)s?)$/.exec(text);
  if (match === null)
    throw new RangeError(`${JSON.stringify(text)} is no duration; write for example "90 seconds".`);
  const unit = match[3] ?? "ms";
  return Number(match[1]) * units[unit as keyof typeof units];
}
