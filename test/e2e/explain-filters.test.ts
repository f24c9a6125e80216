import { expect, test } from 'vitest';
import { openWithTask } from '../helper/task.ts';

test('each path is told with the entry that decides', async () => {
  await using cloudsync = await openWithTask({ exclude: ['*.tmp', '/cache/**'], include: ['*.jpg'] });
  const paths = ['a.tmp', './deep/b.jpg', '/cache/c.jpg', 'cache/', 'd.txt'];

  const told = await cloudsync.run('validate', '--explain-filters', 'photos', ...paths);
  expect(told).toMatchObject({ exitCode: 0, stderr: '' });
  expect(told.stdout.split('\n')).toEqual([
    '- a.tmp         excluded by exclude[0] "*.tmp"',
    '+ deep/b.jpg    included by include[0] "*.jpg"',
    '- cache/c.jpg   excluded: its folder cache/ is not entered, excluded by exclude[1] "/cache/**"',
    '- cache/        excluded by exclude[1] "/cache/**"',
    '- d.txt         excluded: no include matches it',
    '',
  ]);

  const { document } = await cloudsync.json('validate', '--explain-filters', 'photos', 'a.tmp', 'd.txt');
  expect(document).toEqual({
    task: 'photos',
    root: cloudsync.directory.at('local', 'photos'),
    paths: [
      {
        ...{ path: 'a.tmp', result: 'excluded', field: 'exclude', index: 0, pattern: '*.tmp', hiddenBy: null },
        message: 'excluded by exclude[0] "*.tmp"',
      },
      {
        ...{ path: 'd.txt', result: 'excluded', field: 'rest', index: null, pattern: null, hiddenBy: null },
        message: 'excluded: no include matches it',
      },
    ],
  });
});

test('of a list of paths, only these are taken', async () => {
  await using cloudsync = await openWithTask({ path: ['../local/photos', '../local/letters'] });

  const { stdout } = await cloudsync.run('validate', '--explain-filters', 'photos', 'photos/a', 'music/b');
  expect(stdout.split('\n')).toEqual([
    '+ photos/a   included: it is in spec.path',
    '- music/b    excluded: its folder music/ is not entered, excluded: it is not in spec.path',
    '',
  ]);
});

test('what cannot be explained', async () => {
  await using cloudsync = await openWithTask();

  const none = await cloudsync.run('validate', '--explain-filters', 'photos');
  expect(none).toMatchObject({ exitCode: 64, stderr: expect.stringContaining('--explain-filters needs paths') });
  const outside = await cloudsync.run('validate', '--explain-filters', 'photos', '../a');
  expect(outside).toMatchObject({ exitCode: 64, stderr: expect.stringContaining("inside the task's directory") });
  const unknown = await cloudsync.run('validate', '--explain-filters', 'photo', 'a');
  expect(unknown).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('there is no task photo') });
});
