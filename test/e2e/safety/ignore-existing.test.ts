import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { openCloudsync } from '../../helper/cloudsync.ts';
import { writeTree } from '../../helper/file-tree.ts';
import { taskManifest } from '../../helper/manifest.ts';
import { addCredential } from '../../helper/task.ts';

const canMount = (() => {
  try {
    execFileSync('unshare', ['-rm', 'mount', '-t', 'tmpfs', 'tmpfs', '/mnt'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
})();

/** A disk of its own, or, where none can be mounted, no file may grow beyond a size. */
const small = canMount
  ? {
      before: ['unshare', '-rm'],
      mount: 'mount -t tmpfs -o size=96k tmpfs "$LOCAL"',
      grow: 'mount -o remount,size=9m "$LOCAL"',
      limit: '',
    }
  : { before: [], mount: 'true', grow: 'true', limit: 'prlimit --fsize=65536' };

const script = `
set -u
mkdir -p "$LOCAL" && ${small.mount} || exit 99
${small.limit} "$@" run photos >first 2>&1; echo "first: $?"
${small.grow}
"$@" run photos >second 2>&1; echo "second: $?"
(cd "$LOCAL" && stat -c '%n %s' big)
cat first second >&2
`;

test('on a full disk, a run that ignores what exists leaves nothing cut off for the next to keep', async () => {
  await using cloudsync = await openCloudsync();
  await addCredential(cloudsync);
  await writeTree(cloudsync.directory.at('cloud/photos'), { big: 'x'.repeat(120_000) });
  const pull = { direction: 'PULL', retry: { limit: 1, backoff: '1s' }, rcloneFlags: { 'ignore-existing': true } };
  await cloudsync.manifest('photos.yaml', taskManifest('photos', pull));
  Object.assign(cloudsync.environment, { LOCAL: cloudsync.directory.at('local/photos') });

  const { stdout, stderr } = await cloudsync.start([], [...small.before, 'sh', '-c', script, 'sh']).finished;

  expect(stdout, stderr).toMatch(/^first: [^0]\d*\nsecond: 0\nbig 120000\n$/);
});
