import { readFile, stat, writeFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { cacheKey, createManifestCache } from '../../src/daemon/manifest-cache.ts';
import { createManifestReader } from '../../src/daemon/manifest-reader.ts';
import { createProviderSearch } from '../../src/daemon/provider-search.ts';
import type { Settings } from '../../src/daemon/settings.ts';
import type { Snapshot } from '../../src/model/snapshot.ts';
import { takeSnapshot } from '../../src/source/snapshot.ts';
import { type TasksDirectory, tasksDirectory } from './tasks-directory.ts';

const canary = 'the-canary-that-nobody-may-see';

async function snapshotOf({ settings }: TasksDirectory): Promise<Snapshot> {
  const snapshot = await takeSnapshot({ directory: settings.tasksName, previous: null });
  if (!snapshot.ok) throw new Error(snapshot.error.message);
  return snapshot.value;
}

/** Reads as a daemon does that was just started, and ends. */
async function read(directory: TasksDirectory, part: Partial<Settings> = {}, version = '1.2.3') {
  const settings = { ...directory.settings, ...part };
  const cache = createManifestCache(directory.at('cache'), version);
  let parsed = 0;
  const reader = createManifestReader({
    ...{ settings, search: createProviderSearch(settings, process.env) },
    cache: {
      ...cache,
      know(known, context, manifests) {
        parsed += manifests.length;
        cache.know(known, context, manifests);
      },
    },
  });
  const desired = await reader(await snapshotOf(directory), new Map());
  await cache.close();
  return { desired, parsed };
}

async function sample(): Promise<TasksDirectory> {
  const directory = await tasksDirectory();
  await directory.writeTask('photos', 'schedule: { cron: "0 2 * * *", timeZone: Europe/Berlin, jitter: 10m }');
  await directory.writeTask('music', 'bandwidthLimit: ["08:00,512", "18:00,30MB"]', 'exclude: ["*.tmp"]');
  return directory;
}

describe('the manifest cache', () => {
  test('saves parsing what has not changed, and comes to the same', async () => {
    await using directory = await sample();
    const first = await read(directory);
    expect(first.parsed).toBe(3);
    const second = await read(directory);
    expect(second.parsed).toBe(0);
    expect(second.desired).toEqual(first.desired);
    expect((await stat(directory.at('cache'))).mode & 0o777).toBe(0o600);
  });

  test('is written before the end where much was parsed, and not for a single edit', async () => {
    await using directory = await tasksDirectory();
    for (let index = 0; index < 20; index += 1) await directory.writeTask(`task-${index}`);
    const { settings } = directory;
    const cache = createManifestCache(directory.at('cache'), '1.2.3');
    const reader = createManifestReader({ settings, search: createProviderSearch(settings, process.env), cache });
    const first = await snapshotOf(directory);
    await reader(first, new Map());
    await cache.keep();
    const written = await readFile(directory.at('cache'), 'utf8');
    expect(written).toContain('task-19');
    await directory.writeTask('task-7', 'transfers: 7');
    const second = await takeSnapshot({ directory: settings.tasksName, previous: first });
    if (!second.ok) throw new Error(second.error.message);
    await reader(second.value, new Map());
    await cache.keep();
    expect(await readFile(directory.at('cache'), 'utf8')).toBe(written);
    await cache.close();
    expect(await readFile(directory.at('cache'), 'utf8')).not.toBe(written);
  });

  test('is not written again where nothing was parsed', async () => {
    await using directory = await sample();
    await read(directory);
    const before = await stat(directory.at('cache'));
    await read(directory);
    expect((await stat(directory.at('cache'))).ino).toBe(before.ino);
  });

  test('does not know a manifest that says something else, or lies elsewhere', async () => {
    await using directory = await sample();
    await read(directory);
    await directory.writeTask('photos', 'schedule: weekly');
    const { desired, parsed } = await read(directory);
    expect(parsed).toBe(1);
    expect(desired.tasks.get('photos')?.spec.schedule?.cron).toBe('0 0 * * 0');
    expect(cacheKey({ path: 'a.yaml', sha256: '1' })).not.toBe(cacheKey({ path: 'b.yaml', sha256: '1' }));
  });

  test.each([
    ['another version', {}, '1.2.4'],
    ['other roots', { pathRoots: ['/'] }, '1.2.3'],
    ['other rights', { commands: false }, '1.2.3'],
  ] as const)('knows nothing with %s', async (_, part, version) => {
    await using directory = await sample();
    await read(directory);
    expect((await read(directory, part, version)).parsed).toBe(3);
    expect((await read(directory, part, version)).parsed).toBe(0);
  });

  test.each<readonly [string, (text: string) => string]>([
    ['empty', () => ''],
    ['cut off', (text) => text.slice(0, -40)],
    ['changed', (text) => text.replace('"PUSH"', '"PULL"')],
    ['from elsewhere', () => '{"version":1}\n'],
    ['no text', () => '\0\uFFFD'],
  ])('that is %s is ignored and written anew', async (_, damage) => {
    await using directory = await sample();
    const first = await read(directory);
    const path = directory.at('cache');
    const text = await readFile(path, 'utf8');
    await writeFile(path, damage(text));
    const second = await read(directory);
    expect(second.parsed).toBe(3);
    expect(second.desired).toEqual(first.desired);
    expect(await readFile(path, 'utf8')).toBe(text);
  });

  test('holds nothing of a manifest that is not right, such as a secret in it', async () => {
    await using directory = await sample();
    await directory.write(
      'tasks.d/backblaze.yaml',
      `apiVersion: cloudsync/v1
kind: CloudCredential
metadata: { name: backblaze }
spec: { provider: b2, options: { account: ${canary}, key: ${canary} } }
`,
    );
    await directory.writeTask('films', 'preScript: true', `encryption: { password: ${canary} }`);
    const first = await read(directory);
    expect([...first.desired.invalid.keys()]).toEqual(['backblaze.yaml', 'films.yaml']);
    expect(await readFile(directory.at('cache'), 'utf8')).not.toContain(canary);
    expect(await readFile(directory.at('cache'), 'utf8')).toContain('photos');
    const before = await stat(directory.at('cache'));
    const second = await read(directory);
    expect(second.parsed).toBe(2);
    expect(second.desired).toEqual(first.desired);
    expect((await stat(directory.at('cache'))).ino).toBe(before.ino);
  });

  test('that cannot be written is done without', async () => {
    await using directory = await sample();
    await directory.write('cache/in-its-place', '');
    expect((await read(directory)).desired.tasks.size).toBe(2);
    expect((await read(directory)).parsed).toBe(3);
  });
});
