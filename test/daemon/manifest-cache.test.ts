import { readdir, readFile, rename, stat, symlink, utimes, writeFile } from 'node:fs/promises';
import fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import { cacheKey, type ManifestCache, openManifestCache } from '../../src/daemon/manifest-cache.ts';
import { createManifestReader } from '../../src/daemon/manifest-reader.ts';
import { createProviderSearch } from '../../src/daemon/provider-search.ts';
import type { Settings } from '../../src/daemon/settings.ts';
import type { ActiveSet } from '../../src/model/active.ts';
import type { Snapshot } from '../../src/model/snapshot.ts';
import { takeSnapshot } from '../../src/source/snapshot.ts';
import { activeTask } from '../helper/build.ts';
import { type TasksDirectory, tasksDirectory } from './tasks-directory.ts';

const canary = 'the-canary-that-nobody-may-see';

/** Reads as a daemon does that was just started, and ends. */
async function read(directory: TasksDirectory, part: Partial<Settings> = {}, active: ActiveSet = new Map()) {
  const { cache, reader, settings } = open(directory, part, () => active);
  let parsed = 0;
  const snapshot = await snapshotOf(settings, cache.recalled);
  const take: ManifestCache['take'] = (taken) => {
    const known = cache.take(taken);
    parsed = taken.files.filter((file) => file.state === 'refused' || !known.has(cacheKey(file))).length;
    return known;
  };
  const desired = await reader({ ...cache, take })(snapshot, active);
  await cache.close();
  const recalled = snapshot.files.flatMap(({ state, path }) => (state === 'recalled' ? [path] : []));
  return { desired, parsed, recalled };
}

function open(directory: TasksDirectory, part: Partial<Settings> = {}, active: () => ActiveSet = () => new Map()) {
  const settings = { ...directory.settings, ...part };
  const search = createProviderSearch(settings, process.env);
  return {
    settings,
    cache: openManifestCache({ path: directory.at('cache'), settings, active }),
    reader: (cache: ManifestCache) => createManifestReader({ settings, search, cache }),
  };
}

async function snapshotOf({ tasksName }: Settings, previous: Snapshot | null = null): Promise<Snapshot> {
  const snapshot = await takeSnapshot({ directory: tasksName, previous });
  if (!snapshot.ok) throw new Error(snapshot.error.message);
  return snapshot.value;
}

/** What has just been written may change within the same tick of the clock, so that it is read again. */
async function letSettle(directory: TasksDirectory): Promise<void> {
  for (const name of await readdir(directory.at('tasks.d'))) {
    await utimes(directory.at('tasks.d', name), new Date(0), new Date(0));
  }
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

  test('saves reading files that are as they were', async () => {
    await using directory = await sample();
    await letSettle(directory);
    const first = await read(directory);
    expect(first.recalled).toEqual([]);
    const second = await read(directory);
    expect(second.recalled).toEqual(['here.yaml', 'music.yaml', 'photos.yaml']);
    expect(second).toMatchObject({ parsed: 0, desired: first.desired });

    const path = await directory.writeTask('photos', 'transfers: 7');
    await letSettle(directory);
    const third = await read(directory);
    expect(third).toMatchObject({ parsed: 1, recalled: ['here.yaml', 'music.yaml'] });
    expect(third.desired.tasks.get('photos')?.spec.transfers).toBe(7);
    const before = await readFile(directory.at('cache'), 'utf8');
    await utimes(path, new Date(1000), new Date(1000));
    expect(await read(directory)).toMatchObject({ parsed: 0, desired: third.desired });
    // Or it would be read again at each start.
    expect(await readFile(directory.at('cache'), 'utf8')).not.toBe(before);
  });

  test('does not trust a file that had just been written', async () => {
    await using directory = await sample();
    await read(directory);
    expect(await readFile(directory.at('cache'), 'utf8')).toContain('"stamp":null');
    await letSettle(directory);
    await directory.writeTask('other');
    await letSettle(directory);
    await read(directory);
    expect(await readFile(directory.at('cache'), 'utf8')).not.toContain('"stamp":null');
  });

  test('is not written by a second pass over an unchanged directory, whatever the pauses', async () => {
    await using directory = await sample();
    const names = ['here', 'music', 'photos'];
    // Each file is new, touched or as it was; the times are those that its age is judged by.
    const change = fc.record({ name: fc.constantFrom(...names), isEdit: fc.boolean(), ageMs: fc.nat(4000) });
    const pauseMs = fc.oneof(fc.constantFrom(0, 1000, 2000, 2001, 2500), fc.nat(5000));
    let edits = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(change, { maxLength: 3 }),
        fc.array(pauseMs, { maxLength: 3 }),
        async (changes, pauses) => {
          let now = Date.now();
          for (const { name, isEdit, ageMs } of changes) {
            edits += 1;
            if (isEdit && name !== 'here') await directory.writeTask(name, `description: edit ${edits}`);
            const changedAt = new Date(now - ageMs);
            await utimes(directory.at('tasks.d', `${name}.yaml`), changedAt, changedAt);
          }
          vi.useFakeTimers({ toFake: ['Date'], now });
          try {
            const first = await read(directory);
            const before = await stat(directory.at('cache'));
            for (const pause of pauses) {
              now += pause;
              vi.setSystemTime(now);
              expect(await read(directory)).toMatchObject({ parsed: 0, desired: first.desired });
              const after = await stat(directory.at('cache'));
              expect({ file: after.ino, at: after.mtimeMs }).toEqual({ file: before.ino, at: before.mtimeMs });
            }
          } finally {
            vi.useRealTimers();
          }
        },
      ),
      { numRuns: 50 },
    );
  });

  test('gains the stamps that have settled when the process ends that has written it', async () => {
    await using directory = await sample();
    const { cache, reader, settings } = open(directory);
    const parse = reader(cache);
    const first = await snapshotOf(settings);
    await parse(first, new Map());
    await cache.keep();
    await letSettle(directory);
    await parse(await snapshotOf(settings, first), new Map());
    await cache.close();
    expect(await readFile(directory.at('cache'), 'utf8')).not.toContain('"stamp":null');
  });

  test('holds no spec that is active, and knows the manifest for as long as it is', async () => {
    await using directory = await sample();
    await letSettle(directory);
    let active: ActiveSet = new Map();
    const { cache, reader, settings } = open(directory, {}, () => active);
    const { tasks } = await reader(cache)(await snapshotOf(settings), active);
    // As a pass makes it so.
    active = new Map([...tasks].map(([name, task]) => [name, { ...activeTask(name), ...task }]));
    await cache.close();
    expect(await readFile(directory.at('cache'), 'utf8')).not.toContain('transferMode');

    const second = await read(directory, {}, active);
    expect(second).toMatchObject({ parsed: 0, desired: { tasks } });
    for (const [name, { spec }] of second.desired.tasks) expect(spec).toBe(active.get(name)?.spec);

    const { music } = Object.fromEntries(active);
    if (music === undefined) throw new Error('There is no music');
    const others = new Map([['music', { ...music, specHash: 'sha256:0' }]]);
    expect(await read(directory, {}, others)).toMatchObject({ parsed: 2, desired: { tasks } });
  });

  test('is written before the end where much was parsed, and not for a single edit', async () => {
    await using directory = await tasksDirectory();
    for (let index = 0; index < 20; index += 1) await directory.writeTask(`task-${index}`);
    const { cache, reader, settings } = open(directory);
    const parse = reader(cache);
    const first = await snapshotOf(settings);
    await parse(first, new Map());
    await cache.keep();
    const written = await readFile(directory.at('cache'), 'utf8');
    expect(written).toContain('task-19');
    await directory.writeTask('task-7', 'transfers: 7');
    await parse(await snapshotOf(settings, first), new Map());
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
    ['another version', { version: '1.2.4' }],
    ['other roots', { pathRoots: ['/'] }],
    ['other rights', { commands: false }],
  ] as const)('knows nothing with %s', async (_, part) => {
    await using directory = await sample();
    await letSettle(directory);
    await read(directory);
    expect(await read(directory, part)).toMatchObject({ parsed: 3, recalled: [] });
    expect((await read(directory, part)).parsed).toBe(0);
  });

  test('knows the same files behind a link of the same name: relative paths mean what they meant', async () => {
    await using directory = await sample();
    await letSettle(directory);
    await read(directory);
    await rename(directory.at('tasks.d'), directory.at('elsewhere'));
    await symlink('elsewhere', directory.at('tasks.d'));
    const again = await read(directory);
    expect(again.parsed).toBe(0);
    expect(again.recalled).toHaveLength(3);
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
