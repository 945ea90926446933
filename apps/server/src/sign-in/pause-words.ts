export const seconds = (ms: number): number => Math.ceil(ms / 1_000);

/** How long somebody has to wait: "5 seconds". */
export function inWords(ms: number): string {
  const count = seconds(ms);
  if (count > 90) return `${Math.ceil(count / 60)} minutes`;
  return count === 1 ? "1 second" : `${count} seconds`;
}
