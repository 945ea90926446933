const names = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/i;

/**
 * Whether a request's `Host` names this machine's loopback. A page of another site, open in a browser on this machine, reaches a loopback port by a name of its
 * own that resolves to it (DNS rebinding), and only the name gives it away.
 */
export function isLoopbackHost(host: string | undefined): boolean {
  return names.test((host ?? "").replace(/:\d+$/, ""));
}
