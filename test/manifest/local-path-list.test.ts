import { describe, expect, test } from 'vitest';
import { messages, parse, taskText } from './manifest-builder.ts';

function pathsOf(list: readonly string[], ...lines: readonly string[]): readonly string[] | undefined {
  const { task, problems } = parse(taskText([`path: ${JSON.stringify(list)}`, ...lines]), 'team/photos.yaml');
  return problems.length === 0 ? task?.spec.paths : messages(problems);
}

describe('a list of paths', () => {
  test('is absolute and sorted, so that its order does not matter', () => {
    expect(pathsOf(['/data/photos/', '/data/keys.txt', '/data/x/../letters'])).toEqual([
      ...['/data/keys.txt', '/data/letters', '/data/photos'],
    ]);
    expect(pathsOf(['../b', '../a'])).toEqual(['/srv/tasks/a', '/srv/tasks/b']);
  });

  test('of one is that path, also for a PULL', () => {
    expect(pathsOf(['/data/photos'])).toEqual(['/data/photos']);
    expect(pathsOf(['/data/photos'], 'direction: PULL')).toEqual(['/data/photos']);
  });

  const sameDirectory = 'CS016 all paths of the list must be in the same directory';

  test.each([
    [['/data/a', '/data/a/'], ['CS016 /data/a is in the list twice']],
    [['/data/a', '/data/a/b'], ['CS016 /data/a/b is inside /data/a, which is in the list too']],
    [['/data/a/b', '/data/a'], ['CS016 /data/a/b is inside /data/a, which is in the list too']],
    [
      ['/data/a', '/data/.zfs'],
      ['CS016 /data/.zfs is always left out, because a file system shows its snapshots in .zfs'],
    ],
    [['/', '/data'], ['CS016 /data is inside /, which is in the list too']],
    [['/data/a', '/other/b', '/data/c'], [`${sameDirectory}; /other/b is not directly in /data`]],
    [
      ['/data/a', '~/b'],
      [
        'CS016 a path does not begin with ~, which only a shell replaces',
        `${sameDirectory}; /srv/tasks/team/~/b is not directly in /data`,
      ],
    ],
  ])('%j', (list, expected) => {
    expect(pathsOf(list)).toEqual(expected);
  });

  test('is not for a PULL', () => {
    expect(pathsOf(['/data/a', '/data/b'], 'direction: PULL')).toEqual([
      'CS015 spec.path of a PULL must be one directory; found a list of 2',
    ]);
  });

  test('stays inside the roots, and each problem is at its entry', () => {
    const text = taskText(['path:', '  - /data/a', '  - /data/b', '  - /etc/c']);
    const { problems } = parse(text, 'photos.yaml', { pathRoots: ['/data'] });
    expect(problems.map(({ code, line }) => `${code} ${line}`)).toEqual(['CS028 11', 'CS016 11']);
  });
});
