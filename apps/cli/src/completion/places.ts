import type { Command } from "commander";

/** What can be typed next. */
export interface Word {
  readonly text: string;
  readonly means: string;
}

/** After the words of a command, such as `runs list`; after none at first. */
export interface Place {
  readonly path: string;
  readonly commands: readonly Word[];
  readonly options: readonly Word[];
}

export function placesOf(command: Command, path = ""): Place[] {
  const help = command.createHelp();
  const children = command.commands;
  const choices = command.registeredArguments.flatMap(({ argChoices = [], description }) =>
    argChoices.map((text) => ({ text, means: description })),
  );
  const place = {
    path,
    commands: [...children.map((child) => ({ text: child.name(), means: child.description() })), ...choices],
    options: help.visibleOptions(command).map(({ long, short, description }) => ({
      text: long ?? short ?? "",
      means: description,
    })),
  };
  return [place, ...children.flatMap((child) => placesOf(child, `${path} ${child.name()}`.trim()))];
}

/** Paths that begin another command, as a shell's `case` takes them. */
export function pathsOf(places: readonly Place[]): string[] {
  return places.map(({ path }) => path).filter((path) => path !== "");
}

/** Within single quotes of a shell. */
export function quoted(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
