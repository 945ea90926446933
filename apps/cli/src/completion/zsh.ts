import { type Place, pathsOf, quoted, type Word } from "./places.ts";

export function zshScript(name: string, places: readonly Place[]): string {
  const paths = pathsOf(places).map((path) => `"${path}"`);
  const cases = places.map(
    ({ path, commands, options }) =>
      `    "${path}") found=(${commands.map(described).join(" ")}); flags=(${options.map(described).join(" ")}) ;;`,
  );
  return `#compdef ${name}
_${name}() {
  local at="" word
  local -a found flags
  for word in "\${(@)words[2,CURRENT-1]}"; do
    word="\${at:+$at }$word"
    case "$word" in
      ${paths.join(" | ")}) at="$word" ;;
    esac
  done
  case "$at" in
${cases.join("\n")}
  esac
  (( \${#found} )) && _describe -t commands command found
  [[ "$PREFIX" == -* ]] && _describe -o -t options option flags
  (( \${#found} )) || [[ "$PREFIX" == -* ]] || _files
}
if [ "\${funcstack[1]}" = "_${name}" ]; then
  _${name} "$@"
else
  compdef _${name} ${name}
fi
`;
}

function described({ text, means }: Word): string {
  return quoted(`${text.replaceAll(":", String.raw`\:`)}:${means}`);
}
