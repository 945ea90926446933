/** The environment that the started processes inherit; what `start` decides comes on top. */
export function inheritedEnv(): NodeJS.ProcessEnv {
  // It once opened the server to a container's network, which is for whoever starts the server to say.
  // The file of keys is for engines and the server, which are told of it.
  const { DOWNBEAT_IN_CONTAINER: _, DOWNBEAT_RECORD_KEYS_FILE: __, ...inherited } = process.env;
  return { ...inherited, NEXT_TELEMETRY_DISABLED: "1", TURBO_TELEMETRY_DISABLED: "1" };
}
