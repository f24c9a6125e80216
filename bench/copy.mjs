import { execFile, execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { startDaemon } from './daemon.mjs';
import { copyTask, writeManifests } from './manifests.mjs';
import { inTurn, median, processMs } from './measure.mjs';
import { cli, withDirectory } from './places.mjs';

const files = 1000;
const fileBytes = 256 * 1024;
const rclone = process.env.CLOUDSYNC_RCLONE ?? 'rclone';

/**
 * rclone with the arguments of that very run is the peer, of the whole command without a daemon and of what a daemon
 * takes from the start of the run to its end.
 */
export function measure({ rounds }) {
  return withDirectory(async (directory) => {
    const source = join(directory, 'source');
    writeFiles(source);
    const describe = () => copyTask({ name: 'copy', from: source, schedule: null });
    const manifests = writeManifests(directory, { tasks: 1, describe });
    const destination = join(directory, 'cloud');
    const command = (...options) => [cli, '--tasks', manifests, ...options, 'run', 'copy'];
    const recorded = record(directory, (binary) => command('--rclone', binary));
    const daemon = await startDaemon(manifests, ['--rclone', rclone]);

    const fresh = (measureRun) => () => {
      rmSync(destination, { recursive: true, force: true });
      mkdirSync(destination);
      return measureRun();
    };
    const { alone, byDaemon, bare } = await inTurn(rounds, {
      alone: fresh(() => processMs(process.execPath, command('--rclone', rclone))),
      bare: fresh(() => processMs(rclone, recorded.parameters, { env: recorded.environment })),
      byDaemon: fresh(() => recordedMs(command('--state-dir', daemon.state, '--output', 'json'))),
    });
    await daemon.stop();
    const row = { unit: 'ms', peer: median(bare), beside: 'bare rclone, same flags', goal: 'ratio ≤ 1.05' };
    const what = `copy of ${files} files of ${fileBytes / 1024} KiB`;
    return [
      { ...row, what: `run without a daemon, ${what}`, ours: median(alone) },
      { ...row, what: `run by a daemon, ${what}`, ours: median(byDaemon) },
    ];
  });
}

/** What the run itself took, by its own record. */
async function recordedMs(parameters) {
  const { stdout } = await promisify(execFile)(process.execPath, parameters);
  const { outcome, startedAt, finishedAt } = JSON.parse(stdout);
  if (outcome !== 'Succeeded') throw new Error(`The run ended as ${outcome}`);
  return Date.parse(finishedAt) - Date.parse(startedAt);
}

function writeFiles(source) {
  const content = Buffer.alloc(fileBytes, 'cloudsync');
  for (let index = 0; index < files; index += 1) {
    const folder = join(source, `folder-${index % 20}`);
    mkdirSync(folder, { recursive: true });
    content.writeUInt32BE(index, 0);
    writeFileSync(join(folder, `file-${index}.bin`), content);
  }
}

/** What Cloudsync hands to rclone for the transfer, by a stand-in that writes it down and goes on as rclone. */
function record(directory, command) {
  const binary = join(directory, 'recording-rclone');
  const write = `printf '%s\\0' "$@" > "$0.arguments"; env -0 > "$0.environment"`;
  writeFileSync(binary, `#!/bin/sh\n[ "$1" = copy ] && { ${write}; }\nexec '${rclone}' "$@"\n`);
  chmodSync(binary, 0o755);
  execFileSync(process.execPath, command(binary), { stdio: 'ignore' });
  const parts = (kind) => readFileSync(`${binary}.${kind}`, 'utf8').split('\0').slice(0, -1);
  const environment = parts('environment').map((each) => [
    each.slice(0, each.indexOf('=')),
    each.slice(each.indexOf('=') + 1),
  ]);
  return { parameters: parts('arguments'), environment: Object.fromEntries(environment) };
}
