import { InvalidArgumentError } from "commander";
import { span } from "../input/moment.ts";

const megabyte = 1_024 ** 2;
const units: Readonly<Record<string, number>> = {
  KB: 1_024,
  MB: megabyte,
  GB: 1_024 * megabyte,
  TB: megabyte ** 2,
};

// Pulsar keeps minutes and megabytes as 32-bit integers.
const most = 2 ** 31 - 1;

/** `0`, `500MB`, `1.5 GB`, in bytes. */
export function size(text: string): number {
  if (text.trim() === "0") return 0;
  const [, amount, unit = ""] = /^(\d+(?:\.\d+)?)\s*([KMGT]B)$/i.exec(text.trim()) ?? [];
  const factor = units[unit.toUpperCase()];
  if (amount === undefined || factor === undefined)
    throw new InvalidArgumentError("Give a size such as 500MB or 10GB.");
  return exact(Math.round(Number(amount) * factor));
}

/** In megabytes; -1: unlimited. */
export function sizeLimit(text: string): number {
  if (text === "unlimited") return -1;
  const megabytes = Math.round(size(text) / megabyte);
  if (megabytes >= 1 && megabytes <= most) return megabytes;
  throw new InvalidArgumentError(`Give a size from 1MB to ${Math.floor(most / megabyte)}TB, or unlimited.`);
}

/** In minutes; -1: unlimited. */
export function timeLimit(text: string): number {
  if (text === "unlimited") return -1;
  const minutes = Math.round(span(text) / 60_000);
  if (minutes >= 1 && minutes <= most) return minutes;
  throw new InvalidArgumentError(`Give a duration from 1m to ${Math.floor(most / 1_440)}d, or unlimited.`);
}

/** In ms. */
export function lag(text: string): number {
  return exact(Math.round(span(text)));
}

/** What JSON would write in another way, a broker can't read. */
function exact(value: number): number {
  if (Number.isSafeInteger(value)) return value;
  throw new InvalidArgumentError("That is more than can be counted.");
}
