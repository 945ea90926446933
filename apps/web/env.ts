/** The only place that knows the environment. */
export const env = {
  isDevelopment: process.env.NODE_ENV === "development",
} as const;

/** Tells Next, before it is loaded, of the build that it serves: it looks for no configuration then, and takes a build that stands alone. */
export function tellOfBuild(config: unknown): void {
  Object.assign(process.env, {
    NODE_ENV: "production",
    __NEXT_PRIVATE_STANDALONE_CONFIG: JSON.stringify(config),
  });
}
