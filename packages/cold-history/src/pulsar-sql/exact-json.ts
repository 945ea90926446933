/** JSON in which integers that a JavaScript number can't hold are their digits, as text. */
export function parseExactly(text: string): unknown {
  return JSON.parse(text, exact);
}

const integer = /^-?\d+$/;

function exact(_key: string, value: unknown, context?: { readonly source?: string }): unknown {
  const source = context?.source;
  if (typeof value !== "number" || Number.isSafeInteger(value)) return value;
  return source !== undefined && integer.test(source) ? source : value;
}
