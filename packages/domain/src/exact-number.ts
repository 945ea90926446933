/** A decimal number as it is written, however long: `units` of which `10 ** scale` make one. */
export interface ExactNumber {
  readonly units: bigint;
  /** Digits after the point, 0 or more. */
  readonly scale: number;
}

export const exactZero: ExactNumber = { units: 0n, scale: 0 };

const decimal = /^([+-]?)(\d+)(?:\.(\d+))?(?:e([+-]?\d{1,3}))?$/i;
const mostDigits = 40;

/** `undefined` for what is no number, or one of more than 40 digits before or after the point. */
export function exactOf(text: string): ExactNumber | undefined {
  const parts = decimal.exec(text);
  if (parts === null) return undefined;
  const [, sign = "", whole = "", fraction = "", exponent = "0"] = parts;
  const shift = Number(exponent);
  const scale = fraction.length - shift;
  const digits = `${whole}${fraction}`.replace(/^0+/, "");
  if (digits === "") return exactZero;
  if (scale > mostDigits || digits.length - scale > mostDigits) return undefined;
  const units = BigInt(`${sign === "-" ? "-" : ""}${digits}`);
  return short(scale < 0 ? { units: units * 10n ** BigInt(-scale), scale: 0 } : { units, scale });
}

export function exactSum(one: ExactNumber, other: ExactNumber): ExactNumber {
  const scale = Math.max(one.scale, other.scale);
  return short({ units: atScale(one, scale) + atScale(other, scale), scale });
}

export function negated({ units, scale }: ExactNumber): ExactNumber {
  return { units: -units, scale };
}

/** In digits, without an exponent and without zeros at the end. */
export function exactText({ units, scale }: ExactNumber): string {
  const digits = (units < 0n ? -units : units).toString().padStart(scale + 1, "0");
  const whole = digits.slice(0, digits.length - scale);
  const fraction = scale === 0 ? "" : `.${digits.slice(-scale)}`;
  return `${units < 0n ? "-" : ""}${whole}${fraction}`;
}

const written = /^(-?\d+)(?:\.(\d+))?$/;

/**
 * What `exactText` made, however long: a sum has more digits than any of its numbers.
 *
 * @throws Error for anything else
 */
export function exactOfText(text: string): ExactNumber {
  const parts = written.exec(text);
  if (parts === null) throw new Error(`Not a number that was written exactly: ${text.slice(0, 100)}`);
  const [, whole = "", fraction = ""] = parts;
  return short({ units: BigInt(`${whole}${fraction}`), scale: fraction.length });
}

function atScale(number: ExactNumber, scale: number): bigint {
  return number.units * 10n ** BigInt(scale - number.scale);
}

function short(number: ExactNumber): ExactNumber {
  let { units, scale } = number;
  while (scale > 0 && units % 10n === 0n) {
    units /= 10n;
    scale--;
  }
  return { units, scale };
}
