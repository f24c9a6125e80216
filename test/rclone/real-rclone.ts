import type { Transfer } from '../../src/rclone/arguments.ts';
import { transferArguments } from '../../src/rclone/arguments.ts';
import { type RemoteDefinition, rcloneEnvironment } from '../../src/rclone/environment.ts';
import { addEvidence, type Evidence, emptyEvidence } from '../../src/rclone/evidence.ts';
import { noLimits } from '../../src/rclone/limit-arguments.ts';
import type { LogLine } from '../../src/rclone/log-line.ts';
import { type RcloneExit, startRclone } from '../../src/rclone/process.ts';
import { rclone as realRclone } from '../helper/real-rclone.ts';

export const binary = realRclone;

export interface Finished {
  readonly exit: RcloneExit;
  readonly lines: readonly LogLine[];
  readonly raw: string;
  readonly evidence: Evidence;
}

export function transfer(part: Partial<Transfer> & Pick<Transfer, 'source' | 'destination'>): Transfer {
  return {
    operation: 'copy',
    dryRun: false,
    transfers: null,
    bandwidthLimit: [],
    followSymlinks: false,
    createEmptySourceDirectories: false,
    fastList: false,
    hasFilters: false,
    limits: noLimits,
    namesOnly: false,
    flags: {},
    retries: 3,
    maxDelete: null,
    backupDirectory: null,
    ...part,
  };
}

/** Runs the real rclone to its end. */
export function rclone(
  part: Partial<Transfer> & Pick<Transfer, 'source' | 'destination'>,
  input: string | null = null,
  remotes: readonly RemoteDefinition[] = [],
): Promise<Finished> {
  return run(binary, transferArguments(transfer({ retries: 1, ...part })), input, remotes);
}

export async function run(
  program: string,
  parameters: readonly string[],
  input: string | null = null,
  remotes: readonly RemoteDefinition[] = [],
): Promise<Finished> {
  const lines: LogLine[] = [];
  const raw: string[] = [];
  const child = await startRclone({
    binary: program,
    arguments: parameters,
    environment: rcloneEnvironment({ remotes, parent: process.env, timeZone: null }),
    input,
    onLine(line, text) {
      lines.push(line);
      raw.push(text);
    },
  });
  const exit = await child.finished;
  return { exit, lines, raw: raw.join('\n'), evidence: lines.reduce(addEvidence, emptyEvidence) };
}
