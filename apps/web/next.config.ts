import { join } from "node:path";
import type { NextConfig } from "next";

const config: NextConfig = {
  poweredByHeader: false,
  reactStrictMode: true,
  devIndicators: false,
  // There are no pictures to scale, and whoever asks for one would have this process do it.
  images: { unoptimized: true },
  // The published command holds what the built dashboard needs and nothing else.
  output: "standalone",
  outputFileTracingRoot: join(import.meta.dirname, "..", ".."),
  experimental: {
    // Few, larger files: small ones are compressed badly, and the first page is what people wait for.
    turbopackChunking: {
      requestCost: 600_000,
      minChunkSize: 300_000,
      maxMergeChunkSize: 3_000_000,
      maxChunkCountPerGroup: 1,
    },
  },
};

export default config;
