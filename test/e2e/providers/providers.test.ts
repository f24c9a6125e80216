import { randomBytes } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { Cloud, CloudKind } from '../../clouds/cloud.ts';
import { cloudKinds } from '../../clouds/registry.ts';
import { type Cloudsync, openCloudsync } from '../../helper/cloudsync.ts';
import { type FileTree, readTree, treeOf, writeTree } from '../../helper/file-tree.ts';
import { credentialManifest, taskManifest } from '../../helper/manifest.ts';
import { evidenceBook } from './evidence.ts';

const { saw } = evidenceBook('providers');

const excluded = { 'scratch.tmp': 'not to be copied' };
const wanted = {
  'letter.txt': 'Dear Alice, this is the new version.\n',
  'empty.bin': '',
  // A file at each level: s3rver does not list a folder that holds nothing but folders.
  'deep/notes.txt': 'nested\n',
  'deep/er/notes.txt': 'more nested\n',
  'deep/er/est/notes.txt': 'most nested\n',
  'Überraschung & mehr/ein Bild ☀ №1.txt': 'unicode and spaces\n',
};
const inTheWay = { 'letter.txt': 'old\n', 'left over/old.txt': 'only at the destination\n' };
const leftOver: FileTree = { 'left over/old.txt': 'only at the destination\n' };

/** What a run must leave behind, given the files that were wanted. */
const modes = [
  { transferMode: 'SYNC', source: treeOf({ ...wanted, ...excluded }), destination: treeOf(wanted) },
  { transferMode: 'COPY', source: treeOf({ ...wanted, ...excluded }), destination: { ...treeOf(wanted), ...leftOver } },
  { transferMode: 'MOVE', source: treeOf(excluded), destination: { ...treeOf(wanted), ...leftOver } },
] as const;
const directions = ['PUSH', 'PULL'] as const;
const cases = directions.flatMap((direction) => modes.map((mode) => ({ direction, ...mode })));

interface RunDocument {
  readonly outcome: string;
  readonly dryRun: boolean;
  readonly stats: { readonly transfers: number; readonly errors: number };
  readonly lastError: string | null;
  readonly changes?: readonly { readonly action: string; readonly path: string; readonly size?: number }[];
}

/** One task against one place, and what lies on its two sides. */
interface Stage extends AsyncDisposable {
  readonly cloudsync: Cloudsync;
  readonly cloud: Cloud;
  source(): Promise<FileTree>;
  destination(): Promise<FileTree>;
}

async function openStage(
  kind: CloudKind,
  { direction, transferMode }: { readonly direction: 'PUSH' | 'PULL'; readonly transferMode: string },
  files: Readonly<Record<string, string>> = { ...wanted, ...excluded },
): Promise<Stage> {
  const cloudsync = await openCloudsync();
  const cloud = await kind.open(cloudsync.directory);
  Object.assign(cloudsync.environment, cloud.environment);
  const folder = 'back up';
  const local = cloudsync.directory.at('local/files');
  await cloudsync.manifest('credential.yaml', credentialManifest('far', cloud.credential));
  await cloudsync.manifest(
    'files.yaml',
    taskManifest('files', {
      ...{ direction, transferMode, path: '../local/files', exclude: ['*.tmp'] },
      remote: { credential: 'far', folder, ...cloud.remote },
    }),
  );
  const sides = {
    local: { read: () => readTree(local), write: (tree: Record<string, string>) => writeTree(local, tree) },
    remote: { read: () => cloud.read(folder), write: (tree: Record<string, string>) => cloud.write(folder, tree) },
  };
  const [source, destination] = direction === 'PUSH' ? [sides.local, sides.remote] : [sides.remote, sides.local];
  await source.write(files);
  await destination.write(inTheWay);
  return {
    ...{ cloudsync, cloud, source: source.read, destination: destination.read },
    async [Symbol.asyncDispose]() {
      await cloud[Symbol.asyncDispose]();
      await cloudsync[Symbol.asyncDispose]();
    },
  };
}

/** A server without times and hashes leaves only sizes to compare; a MOVE to it sends everything. */
function well({ name }: CloudKind, transferMode: string): object {
  return name.startsWith('webdav') && transferMode !== 'MOVE'
    ? { outcome: 'SucceededWithWarnings', warnings: [expect.stringContaining('by size')] }
    : { outcome: 'Succeeded' };
}

describe.concurrent.each(cloudKinds)('$name', (kind) => {
  test.for(cases)('$direction $transferMode leaves what it promises', async (each) => {
    await using stage = await openStage(kind, each);

    const { document, exitCode, stderr } = await stage.cloudsync.json<RunDocument>('run', 'files');

    const { direction, transferMode } = each;
    expect(document, stderr).toMatchObject({ ...well(kind, transferMode), dryRun: false, lastError: null });
    expect(document.stats).toMatchObject({ transfers: Object.keys(wanted).length, errors: 0 });
    expect(exitCode).toBe(0);
    expect(await stage.source()).toEqual(each.source);
    expect(await stage.destination()).toEqual(each.destination);
    saw(kind, `${direction} ${transferMode}${transferMode === 'SYNC' ? ', with a delete' : ''}`);
  });

  test.for(directions)('%s SYNC done twice transfers nothing the second time', async (direction) => {
    await using stage = await openStage(kind, { direction, transferMode: 'SYNC' });
    await stage.cloudsync.run('run', 'files');

    const { document } = await stage.cloudsync.json<RunDocument>('run', 'files');

    expect(document).toMatchObject({ ...well(kind, 'SYNC'), stats: { transfers: 0, deletes: 0, errors: 0 } });
    saw(kind, 'a second SYNC transfers nothing');
  });

  test.for(directions)('%s dry run tells every change and makes none', async (direction) => {
    await using stage = await openStage(kind, { direction, transferMode: 'SYNC' });
    const before = { source: await stage.source(), destination: await stage.destination() };

    const { document, exitCode, stderr } = await stage.cloudsync.json<RunDocument>('run', 'files', '--dry-run');

    expect(document, stderr).toMatchObject({ outcome: expect.stringMatching(/^Succeeded/), dryRun: true });
    expect(exitCode).toBe(0);
    const files = (document.changes ?? []).filter(({ action }) => action !== 'mkdir' && action !== 'rmdir');
    expect(files.sort((left, right) => (left.path < right.path ? -1 : 1))).toEqual(
      [
        ...Object.entries(wanted).map(([path, content]) => ({
          ...{ action: 'copy', path },
          size: Buffer.byteLength(content),
        })),
        { action: 'delete', path: 'left over/old.txt', size: Buffer.byteLength(inTheWay['left over/old.txt']) },
      ].sort((left, right) => (left.path < right.path ? -1 : 1)),
    );
    expect({ source: await stage.source(), destination: await stage.destination() }).toEqual(before);
    expect(await readTree(stage.cloudsync.state)).toEqual({});
    saw(kind, 'dry run');
  });

  test('a file of 12 MB comes back as it went', async () => {
    const large = { 'large.bin': randomBytes(6 * 1024 * 1024).toString('hex') };
    await using stage = await openStage(kind, { direction: 'PUSH', transferMode: 'COPY' }, large);

    const { document, stderr } = await stage.cloudsync.json<RunDocument>('run', 'files');

    expect(document, stderr).toMatchObject(well(kind, 'COPY'));
    expect(await stage.destination()).toMatchObject(treeOf(large));
  });
});
