import { output } from "./output.ts";

const oldest = 17;

/** @throws Error with one sentence when Java is missing or too old */
export async function checkJava(): Promise<void> {
  const program = process.env.JAVA_HOME === undefined ? "java" : `${process.env.JAVA_HOME}/bin/java`;
  const text = await output(program, ["-version"]).catch(() => undefined);
  const major = javaMajor(text ?? "");
  if (major === undefined)
    throw new Error(`Java is missing: install Java ${oldest} or later, or say where it is with JAVA_HOME.`);
  if (major < oldest)
    throw new Error(
      `Java ${major} is too old: Pulsar needs Java ${oldest} or later. JAVA_HOME says which one is used.`,
    );
}

/** Of what `java -version` prints: `openjdk version "17.0.15" 2025-04-15`, and `"1.8.0_402"` for Java 8. */
export function javaMajor(text: string): number | undefined {
  const found = /version "(\d+)(?:\.(\d+))?/.exec(text);
  if (found === null) return undefined;
  return Number(found[1] === "1" ? found[2] : found[1]);
}
