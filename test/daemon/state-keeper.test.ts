import { mkdir, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { connect } from '../../src/daemon/control-client.ts';
import { startDaemon } from '../../src/daemon/daemon.ts';
import { stateDirectory } from '../../src/state/state-directory.ts';
import { activeSet } from '../state/active-set.ts';
import { sessionOptions, type TasksDirectory, tasksDirectory } from './tasks-directory.ts';

async function daemonOver(directory: TasksDirectory) {
  const { options, told, clock } = sessionOptions(directory);
  const started = await startDaemon(options);
  if (!started.ok) throw new Error(started.error.message);
  const { value: daemon } = started;
  return { ...{ daemon, told, clock, options }, [Symbol.asyncDispose]: () => daemon.stop('the end of the test') };
}

/** What else is written there may fail too. */
function failuresAt({ told }: Awaited<ReturnType<typeof daemonOver>>, wanted: string): readonly string[] {
  return told.all('WriteFailed').flatMap(({ path, detail }) => (path === wanted ? [detail] : []));
}

test('a state directory that is gone is made anew with active set, histories and journal, and stays ours', async () => {
  await using directory = await tasksDirectory();
  await directory.writeTask('photos', 'schedule: { cron: "*/5 * * * *", timeZone: UTC }');
  await directory.writeTask('music');
  await using world = await daemonOver(directory);
  const { stateDirectory: path } = directory.settings;
  world.clock.advance(5 * 60_000);
  const { record } = await world.told.next('RunFinished');

  await rename(path, directory.at('aside'));
  await world.daemon.reconcile();

  expect(world.told.all('StateRemade')).toEqual([{ type: 'StateRemade', path }]);
  const state = stateDirectory(path);
  expect([...(await activeSet(state)).keys()].toSorted()).toEqual(['music', 'photos']);
  expect(JSON.parse(await readFile(`${state.history}/photos.json`, 'utf8'))).toMatchObject({
    runs: [{ id: record.id }],
  });
  expect(await readFile(state.journal, 'utf8')).toBe('');
  expect((await stat(path)).mode & 0o777).toBe(0o700);
  expect(await connect(path)).not.toBeNull();
  expect(await startDaemon(world.options)).toMatchObject({ error: { kind: 'held' } });

  await world.daemon.reconcile();
  expect(world.told.all('StateRemade')).toHaveLength(1);
});

test('one that is only numbered anew is the same', async () => {
  await using directory = await tasksDirectory();
  await using world = await daemonOver(directory);
  const { stateDirectory: path } = directory.settings;
  await rename(path, directory.at('aside'));
  await mkdir(path);
  for (const name of await readdir(directory.at('aside'))) await rename(directory.at('aside', name), `${path}/${name}`);
  await directory.writeTask('photos');
  await world.daemon.reconcile();
  expect(world.told.all('StateRemade')).toEqual([]);
  expect(world.told.all('Reconciled').at(-1)).toMatchObject({ plan: { summary: { create: 1 } } });
});

test('one that cannot be made anew is told of once, and is tried again', async () => {
  await using directory = await tasksDirectory();
  await using world = await daemonOver(directory);
  const { stateDirectory: path } = directory.settings;
  await rename(path, directory.at('aside'));
  await directory.write('state', 'in its place');
  for (const _ of [1, 2]) await world.daemon.reconcile();
  expect(world.told.all('WriteFailed')).toMatchObject([
    { path, detail: expect.stringContaining('there is a file in the place of') },
  ]);

  await rm(path);
  await world.daemon.reconcile();
  expect(world.told.all('StateRemade')).toHaveLength(1);
});

test('one that another daemon has taken meanwhile is left to it, and lost', async () => {
  await using directory = await tasksDirectory();
  await using world = await daemonOver(directory);
  const { stateDirectory: path } = directory.settings;
  await rename(path, directory.at('aside'));
  await using other = await daemonOver(directory);
  await world.daemon.reconcile();
  expect(failuresAt(world, path)).toEqual([expect.stringContaining('is held by another')]);
  expect(world.told.all('StateRemade')).toEqual([]);
  expect(await world.daemon.lost).toContain('is held by another');
  await world.daemon.abandon();
  expect(await connect(path)).not.toBeNull();
  await other.daemon.reconcile();
});
