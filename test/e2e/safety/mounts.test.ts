import { beforeAll, expect, test } from 'vitest';
import { type Cloudsync, openCloudsync } from '../../helper/cloudsync.ts';
import { writeTree } from '../../helper/file-tree.ts';
import { credentialManifest, taskManifest, type WrittenSpec } from '../../helper/manifest.ts';
import { requireNamespaces } from '../source/namespaces.ts';

beforeAll(requireNamespaces);

interface Steps {
  readonly spec?: WrittenSpec;
  readonly before: string;
  /** Between the first success and the next run. */
  readonly between: string;
  readonly after?: string;
}

/** In a user namespace of their own, mounts need no right of ours. */
async function play({ spec = {}, before, between, after = 'true' }: Steps, cloudsync: Cloudsync) {
  const { directory } = cloudsync;
  await cloudsync.manifest('here.yaml', credentialManifest());
  await cloudsync.manifest('photos.yaml', taskManifest('photos', spec));
  await writeTree(directory.path, { 'local/photos/a.txt': 'a', 'cloud/top.txt': 't' });
  const steps = [
    'set -u; cd "$TREE"',
    'disk() { mkdir -p "$2" && mount -t tmpfs "$1" "$2" || exit 99; }',
    'sync() { "$@" >>log 2>&1; echo $?; }',
    'fill() { for name in 1 2 3 4 5; do echo $name > "$1/$name"; done; }',
    before,
    'sync "$@" run photos',
    between,
    'sync "$@" run photos',
    after,
    'cat log >&2',
  ];
  Object.assign(cloudsync.environment, { TREE: directory.path });
  const { stdout, stderr } = await cloudsync.start([], ['unshare', '-rm', 'sh', '-c', steps.join('\n'), 'sh']).finished;
  return { runs: stdout.trim().split('\n'), log: stderr };
}

const usbFolder: WrittenSpec = { remote: { credential: 'here', folder: 'usb' } };
const mountUsb = 'disk first cloud/usb; echo b > cloud/usb/b.txt';
const blocked = '3';

test.each<[string, Steps]>([
  [
    'the folder of a destination',
    {
      spec: { ...usbFolder, transferMode: 'MOVE' },
      before: mountUsb,
      between: 'umount cloud/usb; echo c > local/photos/c.txt',
    },
  ],
  [
    'the folder of a destination, and its mount point',
    { spec: usbFolder, before: mountUsb, between: 'umount cloud/usb; rmdir cloud/usb' },
  ],
  [
    'the folder of a source',
    {
      spec: { ...usbFolder, direction: 'PULL' },
      before: mountUsb,
      between: 'umount cloud/usb; echo c > cloud/usb/c.txt',
    },
  ],
  [
    'a disk below a source',
    {
      spec: { transferMode: 'SYNC' },
      before: 'disk first local/photos/usb; fill local/photos/usb; fill local/photos',
      between: 'umount local/photos/usb',
    },
  ],
  [
    'a disk below a destination',
    { before: 'disk first cloud/photos/usb', between: 'umount cloud/photos/usb; echo c > local/photos/c.txt' },
  ],
  [
    'a folder of the same file system below a source',
    {
      before: 'mkdir -p other local/photos/bound; fill other; mount --bind other local/photos/bound',
      between: 'umount local/photos/bound',
    },
  ],
  [
    'a disk that a link at a source leads to',
    {
      spec: { followSymlinks: true },
      before: 'disk first usb; fill usb; ln -s ../../usb local/photos/link',
      between: 'umount usb',
    },
  ],
])('a run is Blocked where it is not mounted any more: %s', async (_, steps) => {
  await using cloudsync = await openCloudsync();
  const { runs, log } = await play(
    { ...steps, after: 'sync "$@" run photos --accept-file-system; sync "$@" run photos' },
    cloudsync,
  );
  expect(runs, log).toEqual(['0', blocked, '0', '0']);
  expect(log).toMatch(
    /nothing is mounted at \S+, where (tmpfs first|\S+ \S+) was at the last success, so \S+ is on .+cloudsync run photos --accept-file-system/,
  );
});

test.each<[string, Steps]>([
  [
    'below a source',
    {
      spec: { transferMode: 'SYNC' },
      before: 'disk first local/photos/usb',
      between: 'umount local/photos/usb; disk second local/photos/usb',
    },
  ],
  [
    'as the folder of a destination',
    { spec: usbFolder, before: mountUsb, between: 'umount cloud/usb; disk second cloud/usb' },
  ],
])('a run is Blocked where another disk is mounted: %s', async (_, steps) => {
  await using cloudsync = await openCloudsync();
  const { runs, log } = await play(steps, cloudsync);
  expect(runs, log).toEqual(['0', blocked]);
  expect(log).toMatch(
    /is on another file system \(tmpfs second, mounted at \S+\) than at the last success \(tmpfs first\)/,
  );
});

test('a run is Blocked where a file has taken the place of what held a disk', async () => {
  await using cloudsync = await openCloudsync();
  const before = 'disk first local/photos/deep/usb';
  const between = 'umount local/photos/deep/usb; rm -r local/photos/deep; touch local/photos/deep';
  const after = 'sync "$@" run photos --accept-file-system';
  const { runs, log } = await play({ before, between, after }, cloudsync);
  expect(runs, log).toEqual(['0', blocked, '0']);
  expect(log).toMatch(
    /deep\/usb cannot be used: ENOTDIR, where tmpfs first was at the last success; .+--accept-file-system/,
  );
});

test('a disk that is mounted for the first time, and what is no disk, blocks nothing', async () => {
  await using cloudsync = await openCloudsync();
  const between = 'umount local/photos/proc; disk first local/photos/usb; disk second cloud/photos/usb';
  const before = 'mkdir -p local/photos/proc; mount --bind local/photos/proc local/photos/proc';
  const { runs, log } = await play({ before, between }, cloudsync);
  expect(runs, log).toEqual(['0', '0']);
});
