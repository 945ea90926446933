import { join } from "node:path";
import type { NextConfig } from "next";

const config: NextConfig = {
  poweredByHeader: false,
  reactStrictMode: true,
  // One origin and one machine: the browser is a few milliseconds away, and compressing would hold back nothing but us.
  compress: false,
  devIndicators: false,
  // The published command holds what the built dashboard needs and nothing else.
  output: "standalone",
  outputFileTracingRoot: join(import.meta.dirname, "..", ".."),
};

export default config;
