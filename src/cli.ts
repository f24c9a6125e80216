#!/usr/bin/env node
import { exitCodes } from './command/exit-code.ts';
import { processShell } from './command/process-shell.ts';
import { runProgram } from './command/program.ts';

const shell = processShell();
if (!shell.ok) process.stderr.write(`cloudsync: ${shell.error}\n`);
const exitCode = shell.ok ? await runProgram(process.argv.slice(2), shell.value) : exitCodes.failed;
// A pipe takes 64 KiB at a time, and what still waits for it would go with the process.
await Promise.all(
  [process.stdout, process.stderr].map((stream) => new Promise((resolve) => stream.write('', resolve))),
);
const isLost = shell.ok && shell.value.terminal.outputFailed;
process.exit(isLost && exitCode === exitCodes.done ? exitCodes.failed : exitCode);
