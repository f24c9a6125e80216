import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { copyTask, writeManifests } from './manifests.mjs';
import { inTurn, median, processMs } from './measure.mjs';
import { cli, withDirectory } from './places.mjs';

const files = 1000;
const fileBytes = 256 * 1024;
const rclone = process.env.CLOUDSYNC_RCLONE ?? 'rclone';

/** A run without a daemon, from the command line to its exit code, and rclone with the arguments of that very run. */
export function measure({ rounds }) {
  return withDirectory(async (directory) => {
    const source = join(directory, 'source');
    writeFiles(source);
    const describe = () => copyTask({ name: 'copy', from: source, schedule: null });
    const manifests = writeManifests(directory, { tasks: 1, describe });
    const destination = join(directory, 'cloud');
    const ours = (binary) => [cli, '--tasks', manifests, '--rclone', binary, 'run', 'copy'];
    const recorded = record(directory, ours);

    const fresh = () => {
      rmSync(destination, { recursive: true, force: true });
      mkdirSync(destination);
    };
    const numbers = await inTurn(rounds, {
      ours() {
        fresh();
        return processMs(process.execPath, ours(rclone));
      },
      peer() {
        fresh();
        return processMs(rclone, recorded.parameters, { env: recorded.environment });
      },
    });
    const row = { what: `run, copy of ${files} files of ${fileBytes / 1024} KiB`, unit: 'ms', goal: 'ratio ≤ 1.05' };
    return [{ ...row, ours: median(numbers.ours), peer: median(numbers.peer), beside: 'bare rclone, same flags' }];
  });
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
function record(directory, ours) {
  const binary = join(directory, 'recording-rclone');
  const write = `printf '%s\\0' "$@" > "$0.arguments"; env -0 > "$0.environment"`;
  writeFileSync(binary, `#!/bin/sh\n[ "$1" = copy ] && { ${write}; }\nexec '${rclone}' "$@"\n`);
  chmodSync(binary, 0o755);
  execFileSync(process.execPath, ours(binary), { stdio: 'ignore' });
  const parts = (kind) => readFileSync(`${binary}.${kind}`, 'utf8').split('\0').slice(0, -1);
  const environment = parts('environment').map((each) => [
    each.slice(0, each.indexOf('=')),
    each.slice(each.indexOf('=') + 1),
  ]);
  return { parameters: parts('arguments'), environment: Object.fromEntries(environment) };
}
