/** A variable of this process. An empty one is not set. */
export function environmentText(name: string): string | undefined {
  const text = process.env[name];
  return text === "" ? undefined : text;
}
