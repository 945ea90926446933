import { Argument, Command } from "commander";
import { bashScript } from "./bash.ts";
import { fishScript } from "./fish.ts";
import { placesOf } from "./places.ts";
import { zshScript } from "./zsh.ts";

const scripts = { bash: bashScript, zsh: zshScript, fish: fishScript };
type Shell = keyof typeof scripts;

const help = `
Have your shell read it when it starts:
  bash   echo 'eval "$(downbeat completion bash)"' >> ~/.bashrc
  zsh    echo 'eval "$(downbeat completion zsh)"' >> ~/.zshrc     (after compinit)
  fish   downbeat completion fish > ~/.config/fish/completions/downbeat.fish`;

/** @param program whose commands and options are completed */
export function completionCommand(program: Command): Command {
  return new Command("completion")
    .description("Print a script that makes a shell complete commands and options")
    .addArgument(new Argument("<shell>", "which shell").choices(Object.keys(scripts)))
    .addHelpText("after", help)
    .action((shell: Shell) => {
      process.stdout.write(scripts[shell](program.name(), placesOf(program)));
    });
}
