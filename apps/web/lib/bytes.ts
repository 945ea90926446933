const units = ["kB", "MB", "GB", "TB"] as const;

/** `1.2 GB`: in powers of a thousand, as disks are sold. */
export function formatBytes(bytes: number): string {
  let size = Math.max(0, bytes);
  let unit: string = Math.round(size) === 1 ? "byte" : "bytes";
  for (const larger of units) {
    if (size < 999.5) break;
    size /= 1_000;
    unit = larger;
  }
  const isWhole = unit.startsWith("byte") || size >= 99.95;
  const format = new Intl.NumberFormat("en", { maximumFractionDigits: isWhole ? 0 : 1 });
  return `${format.format(size)} ${unit}`;
}
