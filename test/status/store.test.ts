import { lstat, readFile, rename, symlink, unlink, writeFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { err, ok, type Result } from '../../src/model/result.ts';
import type { StatusFile } from '../../src/model/status.ts';
import { createStatusStore } from '../../src/status/store.ts';
import { taskStatus } from '../../src/status/task-status.ts';
import { type TemporaryDirectory, temporaryDirectory } from '../helper/temporary-directory.ts';
import { now, taskFacts } from './facts.ts';

function statusFile(manifest = 'photos.yaml', at = now, version = '0.1.0'): StatusFile {
  const status = taskStatus(taskFacts({ writerVersion: version }), null, now);
  const observed = status.observed === null ? null : { ...status.observed, at: new Date(at).toISOString() };
  return {
    apiVersion: 'cloudsync/v1',
    kind: 'CloudSyncTaskStatus',
    metadata: { name: 'photos', manifest },
    status: { ...status, observed },
  };
}

/** A store on the disk that counts what it writes. */
function storeIn(directory: string) {
  const writes: string[] = [];
  const store = createStatusStore({
    makesFolders: true,
    directory,
    async writeFile(path, text): Promise<Result<void, string>> {
      writes.push(path);
      await writeFile(`${path}.new`, text, { mode: 0o600 });
      await rename(`${path}.new`, path);
      return ok(undefined);
    },
  });
  return { store, writes };
}

async function exists(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  );
}

async function withStatus(directory: TemporaryDirectory, manifest: string): Promise<void> {
  const { store } = storeIn(directory.path);
  expect(await store.write(manifest, statusFile(manifest))).toEqual(ok('written'));
}

describe('where a status lies', () => {
  test.each([
    ['photos.yaml', 'photos.status.json'],
    ['photos.yml', 'photos.status.json'],
    ['media/2026/photos.v2.yaml', 'media/2026/photos.v2.status.json'],
  ])('%s has %s', (manifest, expected) => {
    expect(storeIn('/tasks').store.statusPath(manifest)).toBe(`/tasks/${expected}`);
  });

  test.each(['../photos.yaml', 'a/../../photos.yaml', '/etc/photos.yaml'])('%s is a bug', (manifest) => {
    expect(() => storeIn('/tasks').store.statusPath(manifest)).toThrow('Internal error: the manifest');
  });
});

describe('writing', () => {
  test('makes the folders, and a file that everyone may read', async () => {
    await using directory = await temporaryDirectory();
    const { store } = storeIn(directory.at('status'));
    expect(await store.write('media/photos.yaml', statusFile())).toEqual(ok('written'));
    expect((await lstat(directory.at('status/media/photos.status.json'))).mode & 0o777).toBe(0o644);
    expect(await store.read('media/photos.yaml')).toEqual(statusFile());
  });

  test('does nothing where the file says the same, whoever wrote it', async () => {
    await using directory = await temporaryDirectory();
    await withStatus(directory, 'photos.yaml');
    const { store, writes } = storeIn(directory.path);
    expect(await store.write('photos.yaml', statusFile('photos.yaml', now + 5000))).toEqual(ok('unchanged'));
    expect(await store.write('photos.yaml', statusFile())).toEqual(ok('unchanged'));
    expect(writes).toEqual([]);
  });

  test('happens again when something else is to be said', async () => {
    await using directory = await temporaryDirectory();
    const { store, writes } = storeIn(directory.path);
    await store.write('photos.yaml', statusFile());
    expect(await store.write('photos.yaml', statusFile('photos.yaml', now, '0.2.0'))).toEqual(ok('written'));
    expect(writes).toHaveLength(2);
  });

  test('happens again when the file is lost, damaged or edited', async () => {
    await using directory = await temporaryDirectory();
    const { store } = storeIn(directory.path);
    const path = store.statusPath('photos.yaml');
    await store.write('photos.yaml', statusFile());
    const text = await readFile(path, 'utf8');

    await unlink(path);
    expect(await store.write('photos.yaml', statusFile())).toEqual(ok('written'));
    await writeFile(path, text.slice(0, 100));
    expect(await store.write('photos.yaml', statusFile())).toEqual(ok('written'));
    await writeFile(path, text.replace('"Healthy"', '"Degraded"'));
    expect(await store.write('photos.yaml', statusFile())).toEqual(ok('written'));
    expect(await readFile(path, 'utf8')).toBe(text);
  });

  test('never goes through a link', async () => {
    await using directory = await temporaryDirectory();
    const target = await directory.write('elsewhere/target', 'precious');
    const { store, writes } = storeIn(directory.at('tasks'));
    await directory.write('tasks/photos.yaml', '');
    await symlink(target, directory.at('tasks/photos.status.json'));
    expect(await store.write('photos.yaml', statusFile())).toEqual(
      err(`${directory.at('tasks/photos.status.json')} is not a regular file; remove it`),
    );
    await symlink(directory.at('elsewhere'), directory.at('tasks/linked'));
    for (const manifest of ['linked/photos.yaml', 'linked/deeper/photos.yaml']) {
      expect(await store.write(manifest, statusFile())).toMatchObject({ ok: false });
    }
    expect(writes).toEqual([]);
    expect(await readFile(target, 'utf8')).toBe('precious');
    expect(await exists(directory.at('elsewhere/deeper'))).toBe(false);
  });

  test('tells why it cannot be done', async () => {
    await using directory = await temporaryDirectory();
    await directory.write('media', 'a file where a folder should be');
    const { store } = storeIn(directory.path);
    expect(await store.write('media/photos.yaml', statusFile())).toMatchObject({
      ok: false,
      error: expect.stringContaining('Cannot write'),
    });

    const full = createStatusStore({
      directory: directory.path,
      makesFolders: true,
      writeFile: async () => err('ENOSPC: disk full'),
    });
    expect(await full.write('photos.yaml', statusFile())).toEqual(err('ENOSPC: disk full'));
  });
});

describe('reading', () => {
  test.each(['', '{', '[]', '{"apiVersion":"other/v1"}', '{"apiVersion":"cloudsync/v1","kind":"CloudSyncTaskStatus"}'])(
    'takes %j for lost',
    async (text) => {
      await using directory = await temporaryDirectory();
      await directory.write('photos.status.json', text);
      expect(await storeIn(directory.path).store.read('photos.yaml')).toBeNull();
    },
  );

  test('gives nothing where there is nothing', async () => {
    await using directory = await temporaryDirectory();
    expect(await storeIn(directory.path).store.read('photos.yaml')).toBeNull();
  });
});

describe('removing', () => {
  test('takes away a status, and is content when there is none', async () => {
    await using directory = await temporaryDirectory();
    await withStatus(directory, 'photos.yaml');
    const { store } = storeIn(directory.path);
    expect(await store.remove('photos.yaml')).toEqual(ok(undefined));
    expect(await store.remove('photos.yaml')).toEqual(ok(undefined));
    expect(await exists(directory.at('photos.status.json'))).toBe(false);
  });

  test("leaves somebody else's file alone", async () => {
    await using directory = await temporaryDirectory();
    await directory.write('photos.status.json', '{"mine":true}');
    await storeIn(directory.path).store.remove('photos.yaml');
    expect(await exists(directory.at('photos.status.json'))).toBe(true);
  });

  test('does not follow a folder that is a link to outside', async () => {
    await using directory = await temporaryDirectory();
    await directory.write('tasks/photos.yaml', '');
    await withStatus(directory, 'outside/photos.yaml');
    await symlink(directory.at('outside'), directory.at('tasks/linked'));
    await storeIn(directory.at('tasks')).store.remove('linked/photos.yaml');
    expect(await exists(directory.at('outside/photos.status.json'))).toBe(true);
  });
});

describe('sweeping', () => {
  const isKept = (manifest: string) => ['kept.yaml', 'media/kept.yml'].includes(manifest);

  test('removes what has no manifest any more, and only what is ours', async () => {
    await using directory = await temporaryDirectory();
    for (const manifest of ['kept.yaml', 'gone.yaml', 'media/gone.yml', 'media/kept.yml', '.git/gone.yaml']) {
      await withStatus(directory, manifest);
    }
    await directory.write('foreign.status.json', '{"apiVersion":"other/v1"}');
    await directory.write('elsewhere.txt', '');
    await symlink(directory.at('kept.status.json'), directory.at('link.status.json'));

    const { store } = storeIn(directory.path);
    expect(await store.sweep(isKept)).toEqual(['gone.status.json', 'media/gone.status.json']);
    for (const path of ['kept.status.json', 'media/kept.status.json', '.git/gone.status.json', 'foreign.status.json']) {
      expect(await exists(directory.at(path)), path).toBe(true);
    }
    expect(await exists(directory.at('link.status.json'))).toBe(true);
    expect(await store.sweep(isKept)).toEqual([]);
  });

  test('removes once what a writer that was killed has left', async () => {
    await using directory = await temporaryDirectory();
    const left = ['.photos.status.json.12.0123456789ab.tmp', 'media/.photos.status.json.12.0123456789ab.tmp'];
    const kept = [
      '.photos.status.json.tmp',
      '.photos.yaml.12.0123456789ab.tmp',
      '.git/.a.status.json.1.0123456789ab.tmp',
    ];
    for (const path of [...left, ...kept]) await directory.write(path, '');
    const { store } = storeIn(directory.path);

    expect(await store.sweep(() => false)).toEqual([]);

    for (const path of left) expect(await exists(directory.at(path)), path).toBe(false);
    for (const path of kept) expect(await exists(directory.at(path)), path).toBe(true);
    const another = await directory.write(left[0] ?? '', '');
    await store.sweep(() => false);
    expect(await exists(another)).toBe(true);
  });

  test('finds nothing in a directory that is not there', async () => {
    await using directory = await temporaryDirectory();
    expect(await storeIn(directory.at('none')).store.sweep(() => false)).toEqual([]);
  });
});
