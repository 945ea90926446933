import { type Place, pathsOf, quoted, type Word } from "./places.ts";

export function bashScript(name: string, places: readonly Place[]): string {
  const paths = pathsOf(places).map((path) => `"${path}"`);
  const cases = places.map(
    ({ path, commands, options }) =>
      `    "${path}") commands=${listed(commands)}; options=${listed(options)} ;;`,
  );
  // Without a word of its own the shell completes file names.
  return `_${name}() {
  local at="" word commands options i
  local typed="\${COMP_WORDS[COMP_CWORD]}"
  for ((i = 1; i < COMP_CWORD; i++)); do
    word="\${at:+$at }\${COMP_WORDS[i]}"
    case "$word" in
      ${paths.join(" | ")}) at="$word" ;;
    esac
  done
  case "$at" in
${cases.join("\n")}
  esac
  case "$typed" in
    -*) COMPREPLY=($(compgen -W "$options" -- "$typed")) ;;
    *) COMPREPLY=($(compgen -W "$commands" -- "$typed")) ;;
  esac
}
complete -o default -F _${name} ${name}
`;
}

function listed(words: readonly Word[]): string {
  return quoted(words.map(({ text }) => text).join(" "));
}
