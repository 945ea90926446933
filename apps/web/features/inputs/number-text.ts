const inJson = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;

/** A typed number as JSON, digit by digit: a JavaScript number would round `3544790567247868102`. What is none is a text, nothing is nothing. */
export function numberJson(typed: string): string | undefined {
  const text = typed.trim();
  if (text === "") return undefined;
  const plain = text.replace(/^\+/, "");
  if (inJson.test(plain)) return plain;
  const number = Number(text);
  return JSON.stringify(Number.isFinite(number) ? number : typed);
}

export function numberText(json: string | undefined): string {
  if (json === undefined || json === "null") return "";
  const value: unknown = JSON.parse(json);
  return typeof value === "string" ? value : json;
}
