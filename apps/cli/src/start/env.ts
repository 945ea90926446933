/** The environment of what this process starts; what `start` decides comes on top. */
export function inheritedEnv(given: NodeJS.ProcessEnv = process.env): NodeJS.ProcessEnv {
  // It once opened the server to a container's network, which is for whoever starts the server to say.
  const { DOWNBEAT_IN_CONTAINER: _, ...inherited } = given;
  return { ...inherited, NEXT_TELEMETRY_DISABLED: "1", TURBO_TELEMETRY_DISABLED: "1" };
}

/**
 * What a process is for, which says what it may know:
 * - `web` renders pages, and asks nobody
 * - `engine` asks the log
 * - `server` asks the log too, and tells people of alerts, whose secrets may be in variables of any name
 * - `code` is somebody's own, with variables of their own
 */
export type Purpose = "web" | "engine" | "server" | "code";

/** What programs of any kind are told of the machine. */
const ofMachine =
  /^(PATH|PATHEXT|HOME|USER|USERNAME|USERPROFILE|LOGNAME|SHELL|TERM|LANG|LC_.*|TZ|TMPDIR|TMP|TEMP|APPDATA|LOCALAPPDATA|SYSTEMROOT|SYSTEMDRIVE|WINDIR|COMSPEC|NODE_OPTIONS|NODE_COMPILE_CACHE|NODE_ENV|NODE_EXTRA_CA_CERTS|NODE_V8_COVERAGE|(NEXT|TURBO)_TELEMETRY_DISABLED|LOG_LEVEL|CI|NO_COLOR|FORCE_COLOR|(LD|DYLD)_LIBRARY_PATH|SSL_CERT_(FILE|DIR))$/i;
const ofTheWayOut = /^(https?_proxy|no_proxy|all_proxy|node_use_env_proxy)$/i;
/** With these somebody calls the API, and signs records: neither is for who is started, but for those that are told so. */
const ofWhoStarts = /^DOWNBEAT_(TOKEN|TOKEN_FILE|RECORD_KEYS_FILE)$/i;
/** Who may sign in, what the server shows them, and whom it tells of alerts. */
const ofServer = /^DOWNBEAT_(ACCESS_FILE|TLS_(CERT|KEY)_FILE|ALERT_CHANNELS)$/i;

/** Payloads are read by those who write them, and by a server that is given the file. */
const ofPayloads = /^DOWNBEAT_PAYLOAD_KEYS/i;
const ofPayloadsAlone = /^DOWNBEAT_PAYLOAD_KEYS$/i;

/** What a process of that purpose is told of the variables of this one: no secret that it doesn't need. */
export function envFor(purpose: Purpose, env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => isTold(purpose, name)));
}

function isTold(purpose: Purpose, name: string): boolean {
  if (ofWhoStarts.test(name)) return false;
  switch (purpose) {
    case "web":
      return ofMachine.test(name);
    case "engine":
      return (
        (name.toUpperCase().startsWith("DOWNBEAT_") && !ofServer.test(name) && !ofPayloads.test(name)) ||
        ofMachine.test(name) ||
        ofTheWayOut.test(name)
      );
    case "server":
      return !ofPayloadsAlone.test(name);
    case "code":
      return !ofServer.test(name);
  }
}
