import { join } from "node:path";
import type { NextConfig } from "next";

const config: NextConfig = {
  poweredByHeader: false,
  reactStrictMode: true,
  // One origin and one machine: the browser is a few milliseconds away, and compressing would hold back nothing but us.
  compress: false,
  devIndicators: false,
  // There are no pictures to scale, and whoever asks for one would have this process do it.
  images: { unoptimized: true },
  // The published command holds what the built dashboard needs and nothing else.
  output: "standalone",
  outputFileTracingRoot: join(import.meta.dirname, "..", ".."),
};

export default config;
