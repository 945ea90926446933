/** The only place that reads the environment. */
export const env = {
  isDevelopment: process.env.NODE_ENV === "development",
} as const;
