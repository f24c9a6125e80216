import { appendFile, chmod, mkdir, readdir, symlink } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import type { Cloudsync } from '../helper/cloudsync.ts';
import { eventually } from '../helper/eventually.ts';
import { writeTree } from '../helper/file-tree.ts';
import { credentialManifest, type WrittenSpec } from '../helper/manifest.ts';
import { addTask, openWithTask } from '../helper/task.ts';

const two = { 'a.txt': 'a'.repeat(30), 'b.txt': 'b'.repeat(30) };

interface RunDocument {
  readonly outcome: string;
  readonly exitCode: number | null;
  readonly lastError: string | null;
  readonly warnings: readonly string[];
}

/** One task, with another place of the same shape where the test needs one. */
async function opened(spec: WrittenSpec = {}, files: Readonly<Record<string, string>> = two): Promise<Cloudsync> {
  const cloudsync = await openWithTask({ retry: { limit: 1, backoff: '1s' }, ...spec }, files);
  return cloudsync;
}

async function outcomeOf(cloudsync: Cloudsync, before: readonly string[] = []): Promise<RunDocument> {
  const { stdout } = await cloudsync.start(['-o', 'json', 'run', 'photos'], before).finished;
  const { outcome, exitCode, lastError, warnings } = JSON.parse(stdout) as RunDocument;
  return { outcome, exitCode, lastError: lastError?.replaceAll(cloudsync.directory.path, '') ?? null, warnings };
}

describe.concurrent('the built program says how a run of the real rclone ended', () => {
  test('well', async () => {
    await using cloudsync = await opened();
    expect(await outcomeOf(cloudsync)).toEqual({
      ...{ outcome: 'Succeeded', exitCode: 0, lastError: null, warnings: [] },
    });
  });

  test('at the limit on transferred data', async () => {
    await using cloudsync = await opened({ rcloneFlags: { 'max-transfer': '10b' } });
    expect(await outcomeOf(cloudsync)).toEqual({
      ...{ outcome: 'LimitReached', exitCode: 8, warnings: [] },
      lastError: 'the limit on transferred data (max-transfer) was reached; the rest was not transferred',
    });
  });

  test('at a file that must not change', async () => {
    await using cloudsync = await opened({ rcloneFlags: { immutable: true } });
    await writeTree(cloudsync.directory.at('cloud/photos'), { 'a.txt': 'other' });
    expect(await outcomeOf(cloudsync)).toEqual({
      ...{ outcome: 'Failed', exitCode: 6, warnings: [] },
      lastError: 'a.txt: Source and destination exist but do not match: immutable file modified',
    });
  });

  test('where nobody listens', async () => {
    await using cloudsync = await opened();
    const nowhere = { provider: 'webdav', options: { url: 'http://127.0.0.1:1', vendor: 'other' } };
    await cloudsync.manifest('here.yaml', credentialManifest('here', nowhere));
    expect(await outcomeOf(cloudsync)).toEqual({
      ...{ outcome: 'Failed', exitCode: 1, warnings: [expect.stringContaining('compared by size only')] },
      lastError: 'could not connect to 127.0.0.1:1 (connection refused)',
    });
  });

  test('at a file that it may not read', async () => {
    await using cloudsync = await opened();
    const { directory } = cloudsync;
    await chmod(directory.at('local/photos/a.txt'), 0);
    await mkdir(directory.at('cloud'), { recursive: true });
    for (const folder of ['', 'cloud', 'local', 'local/photos', 'tasks.d']) await chmod(directory.at(folder), 0o777);
    // To root nothing is forbidden.
    const before = process.getuid?.() === 0 ? ['setpriv', '--reuid=65534', '--clear-groups'] : [];
    expect(await outcomeOf(cloudsync, before)).toEqual({
      ...{ outcome: 'Failed', exitCode: 1, warnings: [] },
      lastError: 'a.txt: failed to open source object: open /local/photos/a.txt: permission denied',
    });
  });

  test('without a symbolic link that nobody asked it to follow', async () => {
    await using cloudsync = await opened();
    await symlink('a.txt', cloudsync.directory.at('local/photos/link'));
    expect(await outcomeOf(cloudsync)).toEqual({
      ...{ outcome: 'SucceededWithWarnings', exitCode: 0, lastError: null },
      warnings: ['1 symbolic link left out (link); at the source, followSymlinks: true copies what it points to'],
    });
  });

  test('at a file that changed while it was read', async () => {
    await using cloudsync = await opened({ retry: { limit: 0 }, bandwidthLimit: '100k' }, { big: 'x'.repeat(300_000) });
    const { directory } = cloudsync;
    const running = outcomeOf(cloudsync);
    await eventually('a part of the file has arrived', async () => {
      const names = await readdir(directory.at('cloud/photos')).catch(() => []);
      return names.length > 0 ? true : null;
    });
    await appendFile(directory.at('local/photos/big'), 'more');
    expect(await running).toEqual({
      ...{ outcome: 'Failed', exitCode: 6, warnings: [] },
      lastError: "big: can't copy - source file is being updated (size changed from 300000 to 300004)",
    });
  });

  test('beside a name that it cannot decrypt', async () => {
    const encryption = { password: { fromEnv: 'CRYPT_PASSWORD' } };
    await using cloudsync = await opened({ encryption });
    Object.assign(cloudsync.environment, { CRYPT_PASSWORD: 'CANARY-crypt' });
    expect(await outcomeOf(cloudsync)).toMatchObject({ outcome: 'Succeeded' });
    await writeTree(cloudsync.directory.at('cloud/photos'), { 'plain.txt': 'never encrypted' });
    await addTask(cloudsync, 'photos', { direction: 'PULL', path: '../back', encryption });
    await mkdir(cloudsync.directory.at('back'));
    expect(await outcomeOf(cloudsync)).toMatchObject({
      ...{ outcome: 'SucceededWithWarnings', exitCode: 0, lastError: null },
      warnings: expect.arrayContaining([expect.stringMatching(/decrypt.*plain\.txt|plain\.txt.*decrypt/)]),
    });
  });
});
