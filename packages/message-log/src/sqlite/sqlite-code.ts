/** The low byte is SQLite's primary result code; 0 where it is not SQLite's error. */
export function sqliteCode(error: unknown): number {
  if (typeof error !== "object" || error === null || !("errcode" in error)) return 0;
  return Number(error.errcode) & 0xff;
}
