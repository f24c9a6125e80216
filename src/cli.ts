#!/usr/bin/env node
import { processShell } from './command/process-shell.ts';
import { runProgram } from './command/program.ts';

const exitCode = await runProgram(process.argv.slice(2), processShell());
// A pipe takes 64 KiB at a time, and what still waits for it would go with the process.
await Promise.all(
  [process.stdout, process.stderr].map((stream) => new Promise((resolve) => stream.write('', resolve))),
);
process.exit(exitCode);
