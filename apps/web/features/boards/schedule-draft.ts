import type { BoardSchedule } from "@downbeat/api/views";
import { parseZone } from "../../lib/zone.ts";

/** What is typed into the form. */
export interface ScheduleDraft {
  readonly channel: string;
  /** Addresses, separated by commas, spaces or lines. */
  readonly to: string;
  readonly weekday: number;
  readonly hour: number;
  readonly timeZone: string;
}

export const weekdays = [
  "Monday",
  "Tuesday",
  "Wednesday",
  "Thursday",
  "Friday",
  "Saturday",
  "Sunday",
] as const;

const mostAddresses = 20;

export function draftOfSchedule({ to, ...schedule }: BoardSchedule): ScheduleDraft {
  return { ...schedule, to: to.join("\n") };
}

/** What is meant, or what keeps it from being meant. */
export function scheduleOf(
  draft: ScheduleDraft,
): { readonly weekly: BoardSchedule } | { readonly problem: string } {
  const to = [...new Set(draft.to.split(/[\s,;]+/).filter((address) => address !== ""))];
  if (to.length === 0) return { problem: "Enter at least one address." };
  if (to.length > mostAddresses) return { problem: `It goes to ${mostAddresses} addresses at most.` };
  const odd = to.find((address) => !/^[^@]+@[^@]+\.[^@]+$/.test(address));
  if (odd !== undefined) return { problem: `“${odd}” is no address such as maria@example.com.` };
  if (draft.channel === "") return { problem: "Choose a channel." };
  if (parseZone(draft.timeZone) === undefined) return { problem: "Enter a time zone such as Europe/Berlin." };
  const { channel, weekday, hour, timeZone } = draft;
  return { weekly: { channel, to, weekday, hour, timeZone } };
}
