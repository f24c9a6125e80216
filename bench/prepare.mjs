import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { inBench, inProject } from './places.mjs';

/** Installs the peers and builds Cloudsync, each only where it is missing. */
export function prepare() {
  if (!existsSync(inBench('node_modules/.package-lock.json'))) {
    run('Installing npm packages in bench', inBench('.'), ['ci', '--no-audit', '--no-fund', '--loglevel=error']);
  }
  if (!existsSync(inProject('dist/cli.js'))) run('Building', inProject('.'), ['run', '--silent', 'build']);
}

function run(what, cwd, parameters) {
  process.stderr.write(`${what}\n`);
  // Standard output is for the result alone.
  execFileSync('npm', parameters, { cwd, stdio: ['ignore', process.stderr, process.stderr] });
}
