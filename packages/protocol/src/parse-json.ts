import type { z } from "zod";

/** What stands in the bytes, where they are JSON that fits the schema. */
export function parseJson<T>(schema: z.ZodType<T>, bytes: Uint8Array): T | undefined {
  try {
    const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("utf8");
    return schema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
