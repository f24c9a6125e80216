import { describe, expect, test } from 'vitest';
import { assembleDesired } from '../../src/manifest/assemble-desired.ts';
import type { Desired } from '../../src/model/desired.ts';
import type { Provider } from '../../src/model/provider.ts';
import { everything } from '../../src/model/selection.ts';
import { context, credentialText, messages, parse, taskText } from './manifest-builder.ts';

const chunks = {
  option: 'chunk_size',
  defaultBytes: 1024,
  minimumBytes: 1024,
  maximumBytes: null,
  rule: 'any' as const,
  cutoffOption: null,
};

function desiredOf(lines: readonly string[], withChunks = false): Desired {
  const base = context();
  const providers = new Map(
    [...base.providers].map(([name, each]) => [
      name,
      withChunks ? { ...each, uploadChunk: chunks, fastList: true } : each,
    ]),
  );
  const manifests = [parse(taskText(lines)), parse(credentialText(['root: /remote']), 'here.yaml')];
  const snapshot = { revision: null, allowEmpty: false };
  return assembleDesired({
    snapshot,
    manifests,
    active: new Map(),
    selection: everything,
    context: { ...base, providers },
  });
}

describe('the size of upload chunks', () => {
  test('is refused, in its place, where the provider does not take it', () => {
    const { problems, tasks } = desiredOf(['uploadChunkSize: 96Mi']);
    expect(problems).toMatchObject([
      { code: 'CS035', severity: 'error', line: 9, column: 20, message: 'no such chunks' },
    ]);
    expect([...tasks.keys()]).toEqual([]);
  });

  test('is taken where it does', () => {
    const { problems, tasks } = desiredOf(['uploadChunkSize: 96Mi'], true);
    expect(problems).toEqual([]);
    expect(tasks.get('photos')?.spec.uploadChunkSizeBytes).toBe(100_663_296);
    expect(messages(desiredOf(['uploadChunkSize: 1k', 'enabled: true'], true).problems)).toEqual([]);
    expect(messages(desiredOf(['uploadChunkSize: 1b'], true).problems)).toEqual(['CS035 no such chunks']);
  });

  test('is not known of a section of rclone.conf', () => {
    const remote = 'remote: { rcloneRemote: gdrive }';
    const { problems, tasks } = desiredOf([remote, 'uploadChunkSize: 96Mi']);
    expect(messages(problems)).toEqual([
      'CS035 spec.uploadChunkSize needs a credential: how a section of rclone.conf calls it is not known here',
    ]);
    expect([...tasks.keys()]).toEqual([]);
    expect(desiredOf([remote]).tasks.get('photos')).toMatchObject({
      credential: null,
      spec: { remote: { rcloneRemote: 'gdrive' } },
    });
  });
});

describe('fastList', () => {
  test('has no effect where the provider lists folder by folder, and the task is valid all the same', () => {
    const { problems, tasks } = desiredOf(['fastList: true']);
    expect(messages(problems)).toEqual([
      'CS038 (warning) spec.fastList has no effect: provider local lists folder by folder',
    ]);
    expect([...tasks.keys()]).toEqual(['photos']);
  });

  test('is taken where it has', () => {
    expect(desiredOf(['fastList: true'], true).problems).toEqual([]);
  });
});

describe('a backup folder', () => {
  const lines = ['transferMode: SYNC', 'safety:', '  backupFolder: .trash'];

  function desiredAt(part: Partial<Provider>, further: readonly string[]): Desired {
    const base = context();
    const changed = [...base.providers].map(([name, each]) => [name, { ...each, ...part }] as const);
    const manifests = [parse(taskText([...lines, ...further])), parse(credentialText(['root: /remote']), 'here.yaml')];
    const snapshot = { revision: null, allowEmpty: false };
    const providers = new Map<string, Provider>(changed);
    return assembleDesired({
      snapshot,
      manifests,
      active: new Map(),
      selection: everything,
      context: { ...base, providers },
    });
  }

  test('is taken where the provider can move files', () => {
    const { problems, tasks } = desiredAt({}, []);
    expect(problems).toEqual([]);
    expect(tasks.get('photos')?.spec.safety.backupFolder).toBe('.trash');
  });

  test('is refused, in its place, where nothing can be set aside', () => {
    const { problems, tasks } = desiredAt({ setsAside: false }, []);
    expect(problems).toMatchObject([{ code: 'CS035', severity: 'error', line: 11, column: 19, hint: 'leave it out' }]);
    expect(messages(problems)).toEqual([
      'CS035 provider local cannot move files aside, so that safety.backupFolder is not possible there',
    ]);
    expect(tasks.size).toBe(0);
  });

  test('costs copies in a bucket, which is only a warning', () => {
    const remote = 'remote: { credential: here, bucket: b, folder: photos }';
    const { problems, tasks } = desiredAt({ buckets: true }, [remote]);
    expect(problems).toMatchObject([{ code: 'CS039', severity: 'warning', line: 10 }]);
    expect(problems[0]?.message).toContain('is copied on the server');
    expect(tasks.size).toBe(1);
  });

  test('of a PULL is on this machine, whatever the provider', () => {
    const remote = 'remote: { credential: here, bucket: b, folder: photos }';
    expect(desiredAt({ buckets: true, setsAside: false }, ['direction: PULL', remote]).problems).toEqual([]);
  });

  test('is nothing that a section of rclone.conf is asked about', () => {
    expect(desiredAt({ setsAside: false }, ['remote: { rcloneRemote: gdrive }']).problems).toEqual([]);
  });

  test('costs nothing where there is none', () => {
    const remote = 'remote: { credential: here, bucket: b, folder: photos }';
    expect(desiredOf([remote], true).problems.filter(({ code }) => code === 'CS039')).toEqual([]);
  });
});
