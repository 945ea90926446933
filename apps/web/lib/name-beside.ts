/** Characters; the server's limit. */
const longestName = 100;

/** A name for what is kept beside the one that has this name. */
export function nameBeside(name: string): string {
  const end = " (2)";
  return `${name.trim().slice(0, longestName - end.length)}${end}`;
}
