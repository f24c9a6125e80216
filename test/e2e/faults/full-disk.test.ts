import { execFileSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { stringify } from 'yaml';
import { openCloudsync } from '../../helper/cloudsync.ts';
import { taskManifest } from '../../helper/manifest.ts';
import { addCredential, openWithTask } from '../../helper/task.ts';

/** A disk of our own needs the right to mount one; without it no file may grow, which fails with another word. */
const disk = canMount()
  ? {
      kind: 'a disk of its own',
      before: ['unshare', '-rm'],
      says: /ENOSPC/,
      mount: 'mount -t tmpfs -o size=256k,mode=700 tmpfs "$STATE"',
      limit: '',
    }
  : { kind: 'a limit of its files', before: [], says: /EFBIG/, mount: 'true', limit: 'prlimit --fsize=0' };

function canMount(): boolean {
  try {
    execFileSync('unshare', ['-rm', 'mount', '-t', 'tmpfs', 'tmpfs', '/mnt'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** The state is full for a while; what each command came to goes to standard output. */
const script = `
set -u
mkdir -p "$STATE" && ${disk.mount} || exit 99
"$@" apply >/dev/null; echo "applied: $?"
mv next.yaml tasks.d/photos.yaml
dd if=/dev/zero of="$STATE/fill" bs=1k 2>/dev/null${disk.limit === '' ? '' : ' count=0'}
${disk.limit} "$@" apply >/dev/null; echo "applied without room: $?"
${disk.limit} "$@" run photos >/dev/null; echo "run without room: $?"
rm "$STATE/fill"
"$@" apply >/dev/null; echo "applied with room: $?"
"$@" run photos >/dev/null; echo "run with room: $?"
"$@" -o json history photos
ls -AR "$STATE" >files
cp "$STATE/active.ndjson" kept
`;

test(`a full state directory (${disk.kind}) is told, corrupts nothing, and is used again when there is room`, async () => {
  await using cloudsync = await openWithTask({ schedule: 'daily' });
  // More than fits into a page of memory that is only half full.
  const next = taskManifest('photos', { schedule: 'weekly', finallyScript: 'true\n'.repeat(1500) });
  await cloudsync.directory.write('next.yaml', stringify(next));
  Object.assign(cloudsync.environment, { STATE: cloudsync.state });

  const { stdout, stderr } = await cloudsync.start([], [...disk.before, 'sh', '-c', script, 'sh']).finished;

  const [told = '', history = ''] = stdout.split(/(?=^\[)/m);
  expect(stderr).toMatch(disk.says);
  expect(told.split('\n')).toEqual(
    expect.arrayContaining(['applied: 0', 'applied without room: 1', 'applied with room: 0', 'run with room: 0']),
  );
  const runs = JSON.parse(history) as readonly { readonly id: string; readonly outcome: string }[];
  expect(runs[0]).toMatchObject({ outcome: 'Succeeded' });
  expect(new Set(runs.map(({ id }) => id)).size).toBe(runs.length);
  expect(await readFile(cloudsync.directory.at('files'), 'utf8')).not.toMatch(/\.tmp$|\.corrupt$/m);
  expect((await readFile(cloudsync.directory.at('kept'), 'utf8')).match(/"name":"photos"/g)).toHaveLength(2);
});

test.concurrent('a disk that is full under the log of a daemon does not end it', async () => {
  await using cloudsync = await openWithTask();
  const daemon = await cloudsync.daemonWithin(['sh', '-c', 'exec "$@" 2> /dev/full', 'sh']);
  expect(await cloudsync.run('run', 'photos')).toMatchObject({ exitCode: 0 });
  expect(await daemon.stop()).toBe(0);
});

test.concurrent('a result that could not be written is not done', async () => {
  await using cloudsync = await openCloudsync();
  await addCredential(cloudsync);
  const planning = cloudsync.start(['plan'], ['sh', '-c', 'exec "$@" > /dev/full', 'sh']);
  expect(await planning.finished).toMatchObject({
    ...{ exitCode: 1, stderr: 'cloudsync: the output could not be written: ENOSPC: no space left on device\n' },
  });
});
