import { type Place, pathsOf } from "./places.ts";

export function fishScript(name: string, places: readonly Place[]): string {
  const at = `__${name}_at`;
  const lines = places.flatMap(({ path, commands, options }) => {
    const where = `complete -c ${name} -n "${at} '${path}'"`;
    return [
      ...(commands.length > 0 ? [`${where} -f`] : []),
      ...commands.map(({ text, means }) => `${where} -a ${text} -d ${quotedInFish(means)}`),
      ...options.map(({ text, means }) =>
        text.startsWith("--")
          ? `${where} -l ${text.slice(2)} -d ${quotedInFish(means)}`
          : `${where} -s ${text.slice(1)} -d ${quotedInFish(means)}`,
      ),
    ];
  });
  return `function ${at}
  set -l at ""
  for word in (commandline -opc)[2..]
    set -l next (string trim -- "$at $word")
    switch "$next"
      case ${pathsOf(places)
        .map((path) => `"${path}"`)
        .join(" ")}
        set at "$next"
    end
  end
  test "$at" = "$argv[1]"
end
${lines.join("\n")}
`;
}

function quotedInFish(text: string): string {
  return `'${text.replaceAll("\\", "\\\\").replaceAll("'", String.raw`\'`)}'`;
}
