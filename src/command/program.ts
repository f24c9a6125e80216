import { Command, CommanderError } from 'commander';
import { type ExitCode, exitCodeHelp, exitCodes } from './exit-code.ts';
import { addGlobalOptions, outputFormat } from './global-options.ts';
import { noteLeftState } from './left-state-note.ts';
import { type CommandEntry, commands } from './registry.ts';
import type { Shell } from './shell.ts';
import { UsageError } from './usage-error.ts';
import { version } from './version.ts';

/** Runs one command line, without the program's name, and gives its exit code. */
export async function runProgram(parameters: readonly string[], shell: Shell): Promise<ExitCode> {
  let exitCode: ExitCode = exitCodes.done;
  const program = createProgram(shell);
  for (const entry of commands) {
    const command = program.command(entry.name).description(entry.summary);
    quiet(command, shell);
    if (!parameters.includes(entry.name)) continue;
    await prepare(command, entry, async () => {
      const { reports, showsState, run } = await entry.load();
      // Not after the work, when the command has something to print.
      if (reports !== true) outputFormat(command);
      if (showsState === true) noteLeftState(command, shell);
      exitCode = await run(command, shell);
    });
  }
  try {
    if (parameters.length === 0) program.help({ error: true });
    await program.parseAsync(parameters, { from: 'user' });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.done : exitCodes.usage;
    if (!(error instanceof UsageError) && !isSystemError(error)) throw error;
    shell.terminal.note(`cloudsync: ${error.message}`);
    return error instanceof UsageError ? exitCodes.usage : exitCodes.failed;
  }
}

/** A file that may not be read or is none; its message names the path. Anything else that is thrown is a bug. */
function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'syscall' in error && 'path' in error;
}

function createProgram(shell: Shell): Command {
  const program = new Command('cloudsync')
    .description('Declarative cloud sync: task manifests in Git, run by rclone when they are due.')
    .version(version(), '-V, --version')
    .addHelpText('after', exitCodeHelp);
  quiet(program, shell);
  addGlobalOptions(program);
  return program;
}

/** Only the code of a command that was named is loaded; a name may also be an argument of another, which is harmless. */
async function prepare(command: Command, entry: CommandEntry, action: () => Promise<void>): Promise<void> {
  const { configure } = await entry.load();
  configure(command);
  command.action(action);
}

/** Output goes through the terminal, and the end through the exit code. */
function quiet(command: Command, { terminal }: Shell): void {
  command
    .exitOverride()
    .showSuggestionAfterError()
    .showHelpAfterError(`Try: cloudsync ${command.name() === 'cloudsync' ? '' : `${command.name()} `}--help`)
    .configureOutput({
      writeOut: (text) => terminal.print(text.trimEnd()),
      writeErr: (text) => terminal.note(text.trimEnd()),
    });
}
