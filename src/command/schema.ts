import { readFile } from 'node:fs/promises';
import { exitCodes } from './exit-code.ts';
import { packageFile } from './package-file.ts';
import type { CommandModule } from './registry.ts';
import { UsageError } from './usage-error.ts';

const kinds = ['task', 'credential', 'status', 'plan'];

export const schema: CommandModule = {
  configure(command) {
    command.argument('<kind>', `one of ${kinds.join(', ')}`);
  },

  async run(command, { terminal }) {
    const [kind = ''] = command.args;
    if (!kinds.includes(kind)) throw new UsageError(`there is no schema ${kind}; expected one of ${kinds.join(', ')}`);
    terminal.print(await readFile(packageFile(`schema/${kind}.schema.json`), 'utf8'));
    return exitCodes.done;
  },
};
