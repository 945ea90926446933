/** As a shell takes it for one word: POSIX shells, PowerShell and, where there is no quote in it, cmd.exe alike. */
export function quoted(path: string): string {
  if (/^[\p{L}\p{N}_@%+=:,./\\-]+$/u.test(path) && !path.startsWith("-")) return path;
  const safe = path.startsWith("-") ? `./${path}` : path;
  return /["$`!\\]/.test(safe) ? `'${safe.replaceAll("'", "'\\''")}'` : `"${safe}"`;
}
