/** As a letter has moments: `Nov 23, 2026, 08:00`. */
export function momentIn(timeZone: string): (at: number) => string {
  const format = new Intl.DateTimeFormat("en", {
    timeZone,
    year: "numeric",
    month: "short",
    day: "numeric",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  });
  return (at) => format.format(at);
}
