/** The environment that the started processes inherit; what `start` decides comes on top. */
export function inheritedEnv(): NodeJS.ProcessEnv {
  return { ...process.env, NEXT_TELEMETRY_DISABLED: "1", TURBO_TELEMETRY_DISABLED: "1" };
}
