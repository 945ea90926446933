import { InvalidArgumentError } from "commander";
import { span } from "../input/options.ts";

const megabyte = 1_024 ** 2;
const units: Readonly<Record<string, number>> = {
  KB: 1_024,
  MB: megabyte,
  GB: 1_024 * megabyte,
  TB: megabyte ** 2,
};

/** `0`, `500MB`, `1.5 GB`, in bytes. */
export function size(text: string): number {
  if (text.trim() === "0") return 0;
  const [, amount, unit = ""] = /^(\d+(?:\.\d+)?)\s*([KMGT]B)$/i.exec(text.trim()) ?? [];
  const factor = units[unit.toUpperCase()];
  if (amount === undefined || factor === undefined) throw new InvalidArgumentError("Such as 500MB or 10GB.");
  return Math.round(Number(amount) * factor);
}

/** In megabytes; -1: unlimited. */
export function sizeLimit(text: string): number {
  return text === "unlimited" ? -1 : Math.max(1, Math.round(size(text) / megabyte));
}

/** In minutes; -1: unlimited. */
export function timeLimit(text: string): number {
  return text === "unlimited" ? -1 : Math.max(1, Math.round(span(text) / 60_000));
}
