/** Set to nothing is not set: that is what a shell's `X= command` and an empty line in a file mean. */
export function dropEmptyVariables(variables = process.env): void {
  for (const [name, value] of Object.entries(variables))
    if (name.startsWith("DOWNBEAT_") && value === "") delete variables[name];
}
