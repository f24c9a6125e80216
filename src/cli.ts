#!/usr/bin/env node
import { processShell } from './command/process-shell.ts';
import { runProgram } from './command/program.ts';

process.exit(await runProgram(process.argv.slice(2), processShell()));
