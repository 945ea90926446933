const units = ["byte", "kilobyte", "megabyte", "gigabyte", "terabyte"] as const;

/** `1.2 GB`: of powers of a thousand, as disks are sold. */
export function formatBytes(bytes: number): string {
  let size = Math.max(0, bytes);
  let unit = 0;
  for (; size >= 999.5 && unit < units.length - 1; unit++) size /= 1_000;
  const maximumFractionDigits = unit === 0 || size >= 99.95 ? 0 : 1;
  const format = new Intl.NumberFormat("en", {
    style: "unit",
    unit: units[unit] ?? "byte",
    maximumFractionDigits,
  });
  return format.format(size);
}
