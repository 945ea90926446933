/** A Java properties file with some of its settings replaced, and those that it lacks added at the end. */
export function withSettings(properties: string, settings: Readonly<Record<string, string>>): string {
  const left = new Map(Object.entries(settings));
  const lines = properties
    .trimEnd()
    .split("\n")
    .map((line) => {
      const key = /^([\w.-]+)\s*=/.exec(line)?.[1];
      const value = key === undefined ? undefined : left.get(key);
      if (key === undefined || value === undefined) return line;
      left.delete(key);
      return `${key}=${value}`;
    });
  for (const [key, value] of left) lines.push(`${key}=${value}`);
  return `${lines.join("\n")}\n`;
}
