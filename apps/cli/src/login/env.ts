import { homedir } from "node:os";
import { join } from "node:path";

/** Where systems keep what a user has chosen for programs. */
export function configDirectory(): string {
  const { XDG_CONFIG_HOME: config, APPDATA: windows } = process.env;
  if (config !== undefined && config !== "") return config;
  return process.platform === "win32" && windows !== undefined ? windows : join(homedir(), ".config");
}
