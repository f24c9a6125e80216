import { mkdir, symlink } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { noMemory, noPen } from '../../../src/model/memory.ts';
import type { Direction, TaskSpec, TransferMode } from '../../../src/model/task.ts';
import { guardRun } from '../../../src/run/guard/guard.ts';
import { type GuardInput, type Look, pass, type Verdict } from '../../../src/run/guard/verdict.ts';
import { readLocalSide } from '../../../src/run/local-side.ts';
import { credentialSpec, resolvedTask, taskSpec } from '../../helper/build.ts';
import { temporaryDirectory } from '../../helper/temporary-directory.ts';

/** No guard that these tests are about starts an rclone of its own. */
function guardInput(spec: TaskSpec, sides: Pick<GuardInput, 'local' | 'remote' | 'plainRemote' | 'look'>): GuardInput {
  const signal = new AbortController().signal;
  return {
    ...sides,
    key: null,
    task: resolvedTask('photos', { spec, credential: credentialSpec({ provider: 'b2', options: {} }) }),
    dryRun: false,
    memory: noMemory,
    pen: noPen,
    rclone: { binary: 'false', environment: {}, redact: (text) => text, signal },
    around: {
      environment: {},
      stateDirectory: '/nonexistent',
      tasksDirectory: null,
      pathRoots: [],
      acceptFileSystem: false,
    },
  };
}

type State = 'missing' | 'empty' | 'filled' | 'broken';

/** Judges a run whose local side is a directory on the disk in one state, and whose far side says it is in another. */
async function judge(part: Partial<TaskSpec>, localState: State, remoteState: State): Promise<Verdict['kind']> {
  return (await verdict(part, localState, remoteState)).kind;
}

async function verdict(part: Partial<TaskSpec>, localState: State, remoteState: State): Promise<Verdict> {
  await using directory = await temporaryDirectory();
  const local = directory.at('local');
  if (localState === 'broken') await symlink('local', local);
  if (localState === 'empty') await mkdir(local);
  if (localState === 'filled') await directory.write('local/a.txt', 'a');
  // With a rehearsal, that lists the source of a PULL SYNC.
  const safety = { ...(part.safety ?? taskSpec().safety), preflight: 'never' } as const;
  const spec = taskSpec({ ...part, paths: [local], safety });
  const side = await readLocalSide(spec);
  if (!side.ok) return { kind: 'failed', message: side.error, retryable: false };
  const remote = 'remote:photos';
  return await guardRun(
    guardInput(spec, { local: side.value, remote, plainRemote: remote, look: lookAt(remoteState) }),
  );
}

function lookAt(state: State): Look {
  return async () =>
    state === 'broken'
      ? { ok: false, error: { message: 'the network is down', retryable: true } }
      : {
          ok: true,
          value: { exists: state !== 'missing', empty: state !== 'filled', entries: state === 'filled' ? 1 : 0 },
        };
}

const directions: readonly Direction[] = ['PUSH', 'PULL'];
const modes: readonly TransferMode[] = ['SYNC', 'COPY', 'MOVE'];

describe.each(directions)('%s', (direction) => {
  /** In words of source and destination. */
  function run(transferMode: TransferMode, source: State, destination: State, part: Partial<TaskSpec> = {}) {
    const [local, remote] = direction === 'PUSH' ? [source, destination] : [destination, source];
    return judge({ ...part, direction, transferMode }, local, remote);
  }

  test.each(modes)('%s from a source with files passes', async (mode) => {
    expect(await run(mode, 'filled', 'filled')).toBe('pass');
    expect(await run(mode, 'filled', 'missing')).toBe('pass');
  });

  test('SYNC from a missing source is refused, whatever the destination holds', async () => {
    expect(await run('SYNC', 'missing', 'filled')).toBe('blocked');
    expect(await run('SYNC', 'missing', 'empty')).toBe('blocked');
  });

  test('SYNC from an empty source is refused where the destination holds anything', async () => {
    expect(await run('SYNC', 'empty', 'filled')).toBe('blocked');
    expect(await run('SYNC', 'empty', 'empty')).toBe('pass');
    expect(await run('SYNC', 'empty', 'missing')).toBe('pass');
  });

  test('allowEmptySource lets an empty source pass, but not a missing one', async () => {
    const safety = { ...taskSpec().safety, allowEmptySource: true };
    expect(await run('SYNC', 'empty', 'filled', { safety })).toBe('pass');
    expect(await run('SYNC', 'missing', 'filled', { safety })).toBe('blocked');
  });

  test.each(['COPY', 'MOVE'] as const)('%s from an empty source is nothing to do', async (mode) => {
    expect(await run(mode, 'empty', 'filled')).toBe('pass');
  });

  test('SYNC fails where it cannot be told what a side holds', async () => {
    expect(await run('SYNC', 'broken', 'filled')).toBe('failed');
    expect(await run('SYNC', 'empty', 'broken')).toBe('failed');
  });
});

describe('messages', () => {
  test.each(['COPY', 'MOVE'] as const)('PUSH %s from a missing source is refused', async (transferMode) => {
    const blocked = await verdict({ transferMode }, 'missing', 'filled');
    expect(blocked).toMatchObject({
      kind: 'blocked',
      message: expect.stringMatching(/^the source \S+ does not exist/),
    });
  });

  test('an empty source says what would be deleted and how to allow it', async () => {
    const blocked = await verdict({ transferMode: 'SYNC' }, 'empty', 'filled');
    expect(blocked).toMatchObject({
      kind: 'blocked',
      message: expect.stringMatching(/is empty, and SYNC would delete everything in here:photos; .*allowEmptySource/),
    });
  });

  test('the far side is named as in the manifest, with its bucket', async () => {
    const remote = { credential: 'b2', rcloneRemote: null, bucket: 'family', folder: '' };
    const blocked = await verdict({ direction: 'PULL', transferMode: 'SYNC', remote }, 'filled', 'missing');
    expect(blocked).toEqual({ kind: 'blocked', message: 'the source b2:family does not exist' });
  });

  test('what went wrong is passed on', async () => {
    expect(await verdict({ direction: 'PULL', transferMode: 'SYNC' }, 'filled', 'broken')).toEqual({
      kind: 'failed',
      message: 'the network is down',
      retryable: true,
      expired: false,
    });
  });
});

describe('an encryption', () => {
  const encryption = { password: { fromEnv: 'A' }, salt: null, filenames: true };

  /** What each place holds at its top, or what rclone says of it. */
  function judgeNames(plain: number | string, decrypted: number | string): Promise<Verdict> {
    const answers: Readonly<Record<string, number | string>> = { 'remote:photos': plain, 'crypt:': decrypted };
    const look: Look = async (place) => {
      const answer = answers[place] ?? 'asked for nothing else';
      if (typeof answer === 'string') return { ok: false, error: { message: answer, retryable: true } };
      return { ok: true, value: { exists: true, empty: answer === 0, entries: answer } };
    };
    const local = { root: '/data/photos', selection: null, missing: [], leftOut: [], empty: [], absentMarker: null };
    return guardRun(
      guardInput(taskSpec({ encryption }), { local, remote: 'crypt:', plainRemote: 'remote:photos', look }),
    );
  }

  test('passes where names can be read, or there are none', async () => {
    expect(await judgeNames(5, 5)).toEqual(pass);
    expect(await judgeNames(0, 'is not asked')).toEqual(pass);
  });

  test('passes where a few names are not its own', async () => {
    expect(await judgeNames(10, 5)).toEqual(pass);
  });

  test.each([
    [1000, 5, '995 of the 1000 names'],
    [3, 0, '3 of the 3 names'],
  ] as const)('of %d names, %j can be read: refused', async (plain, decrypted, counted) => {
    expect(await judgeNames(plain, decrypted)).toEqual({
      kind: 'blocked',
      message:
        `${counted} at here:photos cannot be decrypted: ` +
        'the encryption password or the salt is not the one they were written with, or they were never encrypted',
    });
  });

  test('fails where it cannot be told', async () => {
    expect(await judgeNames('the network is down', 1)).toMatchObject({
      kind: 'failed',
      message: 'the network is down',
    });
    expect(await judgeNames(1, 'the network is down')).toMatchObject({
      kind: 'failed',
      message: 'the network is down',
    });
  });
});
