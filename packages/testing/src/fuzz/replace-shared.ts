/** What all runs of a thread share, by owner and name. */
export const shared = [
  "JSON.parse",
  "JSON.stringify",
  "Map.prototype.get",
  "Promise.resolve",
  "Promise.prototype.then",
  "Array.prototype.push",
  "Array.prototype.map",
  "Object.prototype.toJSON",
  "Object.prototype.toString",
  "Object.keys",
  "String.prototype.slice",
  "RegExp.prototype.exec",
  "EventTarget.prototype.dispatchEvent",
  "Buffer.from",
  "console.log",
  "performance.now",
] as const;

export const ways = ["assign", "define", "delete"] as const;

export interface Replacement {
  readonly do: "replace";
  readonly what: (typeof shared)[number];
  readonly way: (typeof ways)[number];
}

/** Puts something of no use in its place, or takes it away. */
export function replaceShared({ what, way }: Replacement): void {
  const path = what.split(".");
  const name = path.pop() ?? "";
  const owner: unknown = path.reduce((found: object, key) => Reflect.get(found, key), globalThis);
  if ((typeof owner !== "object" && typeof owner !== "function") || owner === null) return;
  const value = () => {
    throw new Error(`${what} was replaced`);
  };
  if (way === "assign") Object.assign(owner, { [name]: value });
  else if (way === "define") Object.defineProperty(owner, name, { value });
  else Reflect.deleteProperty(owner, name);
}
