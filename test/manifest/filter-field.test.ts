import { describe, expect, test } from 'vitest';
import { messages, parse, taskText } from './manifest-builder.ts';

function problemsOf(exclude: readonly string[], include: readonly string[], path = '/data/photos'): readonly string[] {
  const lines = [`path: ${path}`, `exclude: ${JSON.stringify(exclude)}`, `include: ${JSON.stringify(include)}`];
  return messages(parse(taskText(lines)).problems);
}

describe('an include that an exclude hides', () => {
  test.each([
    ['*', '*.jpg'],
    ['**', '/photos/**'],
    ['/**', '*.jpg'],
    ['*.jpg', '*.jpg'],
    ['*.jpg', 'photos/*.jpg'],
    ['**.jpg', 'photos/*.jpg'],
    ['/photos/**', '/photos/keep/**'],
    ['/photos/', '/photos/keep.jpg'],
    ['photos/', '/a/photos/*.jpg'],
    ['photos/**', 'photos/keep/**'],
  ])('exclude %s, include %s', (exclude, include) => {
    expect(problemsOf([exclude], [include])).toEqual([
      `CS027 (warning) "${include}" takes nothing: exclude "${exclude}" comes first and leaves all of it out`,
    ]);
  });

  test.each([
    ['*.jpg', '*.jpeg'],
    ['/photos/**', 'photos/*.jpg'],
    ['/photos/**', '/photos2/*.jpg'],
    ['photos/', 'myphotos/*.jpg'],
    ['/*', '*.jpg'],
    ['*.tmp', '/a.tmp/**'],
  ])('not so: exclude %s, include %s', (exclude, include) => {
    expect(problemsOf([exclude], [include])).toEqual([]);
  });
});

describe('an include of snapshots', () => {
  test.each([
    ['/.zfs/**', '.zfs'],
    ['.zfs/', '.zfs'],
    ['photos/.snapshot/*.jpg', '.snapshot'],
    ['/#snapshot/**', '#snapshot'],
  ])('%s takes nothing', (include, folder) => {
    expect(problemsOf([], [include])).toEqual([
      `CS027 (warning) "${include}" takes nothing: ${folder} is always left out, because a file system shows its snapshots there`,
    ]);
  });

  test.each(['.snapshots/**', '*.zfs', 'a.zfs/**'])('%s may take something', (include) => {
    expect(problemsOf([], [include])).toEqual([]);
  });
});

describe('patterns of a task with a list of paths', () => {
  const list = '[/data/photos, /data/letters]';

  test.each([
    [['*.tmp', '/photos/*.raw'], ['*.jpg', '/photos/**', '/letters', 'other/**', '/pho*/a.jpg', '/{photos,b}/**'], []],
    [
      ['/cache/**'],
      [],
      ['CS027 (warning) "/cache/**" matches nothing: it starts from /data, and only letters, photos are taken there'],
    ],
    [
      [],
      ['/cache/*.jpg'],
      ['CS026 "/cache/*.jpg" matches nothing: it starts from /data, and only letters, photos are taken there'],
    ],
  ])('exclude %j, include %j', (exclude, include, expected) => {
    expect(problemsOf(exclude, include, list)).toEqual(expected);
  });

  test('start anywhere where the task has one path', () => {
    expect(problemsOf(['/cache/**'], ['/a/*.jpg'])).toEqual([]);
  });
});
