import { describe, expect, test } from 'vitest';
import { assembleDesired } from '../../src/manifest/assemble-desired.ts';
import { everything } from '../../src/model/selection.ts';
import { placeByName } from '../../src/place/named-place.ts';
import { context, credentialText, parse, taskText } from './manifest-builder.ts';

/** The tasks directory is /srv/tasks, and the state directory /srv/state, to which /srv/link leads too. */
function problemsOf(...lines: readonly string[]) {
  const known = context({
    stateDirectory: '/srv/state',
    localPlace: (path) => placeByName(path.replace('/srv/link', '/srv/state')),
  });
  const manifests = [parse(taskText([...lines]), 'photos.yaml'), parse(credentialText(['root: /remote']), 'here.yaml')];
  return assembleDesired({
    snapshot: { revision: null, allowEmpty: false },
    manifests,
    active: new Map(),
    context: known,
    selection: everything,
  }).problems.map(({ code, line, message }) => `${code} ${line} ${message}`);
}

describe('a task that would use a directory of Cloudsync', () => {
  test.each<[string, readonly string[], string]>([
    ['pulls over manifests', ['direction: PULL', 'path: /srv/tasks'], 'the destination overlaps the tasks directory'],
    ['pulls to below them', ['direction: PULL', 'path: ./new'], 'the destination overlaps the tasks directory'],
    ['moves them away', ['transferMode: MOVE', 'path: .'], 'the source overlaps the tasks directory'],
    ['sends tokens', ['path: /srv/state/tokens'], 'the source overlaps the state directory'],
    ['sends the state through a link', ['path: /srv/link'], 'the source overlaps the state directory'],
    ['sends what is above the state', ['path: /srv'], 'the source overlaps the state directory'],
    [
      'moves what is above the state',
      ['path: /srv', 'transferMode: MOVE', 'exclude: ["/state/**"]'],
      'state directory',
    ],
  ])('is an error: it %s', (_, lines, message) => {
    expect(problemsOf(...lines)).toEqual([expect.stringMatching(new RegExp(`^CS050 \\d+ .*${message}`))]);
  });

  test.each<[string, readonly string[]]>([
    ['sends a folder below the manifests', ['path: ./sample', 'transferMode: SYNC']],
    ['sends manifests', ['path: .']],
    ['leaves the state out', ['path: /srv', 'exclude: ["/state/**"]']],
    ['leaves the state out as a folder', ['path: /srv', 'exclude: ["/state/"]']],
  ])('is none where it %s', (_, lines) => {
    expect(problemsOf(...lines)).toEqual([]);
  });
});
