import { describe, expect, test } from 'vitest';
import type { Effect } from '../../src/model/plan.ts';
import type { TaskSpec } from '../../src/model/task.ts';
import {
  activeTask,
  credentialSpec,
  desired,
  remoteLocation,
  resolvedTask,
  schedule,
  taskSpec,
} from '../helper/build.ts';
import { only, planOf } from './plan-input.ts';

const bucket = { paths: ['/mnt/tank/photos'], remote: remoteLocation({ credential: 'b2', bucket: 'family-photos' }) };
const b2 = credentialSpec({ provider: 'b2', options: { account: 'a', key: { fromEnv: 'KEY' } } });

function created(part: Partial<TaskSpec>): readonly Effect[] {
  const task = resolvedTask('photos', { spec: taskSpec({ ...bucket, ...part }), credential: b2 });
  return only(planOf(desired([task]), [])).effects;
}

function updated(before: Partial<TaskSpec>, after: Partial<TaskSpec>, credentials = [b2, b2]): readonly string[] {
  const [from = b2, to = b2] = credentials;
  const active = activeTask('photos', { spec: taskSpec({ ...bucket, ...before }), credential: from });
  const task = resolvedTask('photos', { spec: taskSpec({ ...bucket, ...after }), credential: to });
  const { effects } = only(planOf(desired([task]), [active]));
  return effects.map(({ code, danger, message }) => `${code}${danger ? '!' : ''} ${message}`);
}

const nights = '2026-11-23 02:00, 2026-11-24 02:00, 2026-11-25 02:00 Europe/Berlin';
const later = '2026-11-23 02:30, 2026-11-24 02:30, 2026-11-25 02:30 Europe/Berlin';
const syncs = 'files under family-photos/photos that are not in /mnt/tank/photos will be deleted';
const again = 'everything is uploaded again beside what is there';
const oldSettings = 'files that are under family-photos/photos can only be read with the old settings';
const moves = 'files leave /mnt/tank/photos after they are copied to family-photos/photos';
const copies = 'files of the same name under family-photos/photos will be overwritten';

describe('a new task', () => {
  test('says when it runs', () => {
    expect(created({})).toEqual([{ code: 'NextRuns', danger: false, message: `next runs: ${nights}` }]);
    expect(created({ schedule: schedule({ timeZone: null }) })[0]?.message).toBe(`next runs: ${nights}`);
    expect(created({ schedule: null })).toMatchObject([{ code: 'ManualOnly' }]);
    expect(created({ enabled: false })).toMatchObject([{ code: 'Suspended' }]);
  });

  test('warns of what it deletes or moves, naming the places', () => {
    expect(created({ transferMode: 'SYNC' })[0]).toEqual({
      ...{ code: 'DeletesAtDestination', danger: true, message: `SYNC: ${syncs}` },
    });
    expect(created({ transferMode: 'MOVE' })[0]).toEqual({
      ...{ code: 'MovesFromSource', danger: true, message: `MOVE: ${moves}` },
    });
    expect(created({ transferMode: 'SYNC', direction: 'PULL' })[0]?.message).toBe(
      'SYNC: files under /mnt/tank/photos that are not in family-photos/photos will be deleted',
    );
  });
});

describe('the schedule of a task that changes', () => {
  test.each<[string, Partial<TaskSpec>, Partial<TaskSpec>, readonly string[]]>([
    ['nothing about it', { description: 'a' }, {}, []],
    [
      'other times',
      {},
      { schedule: schedule({ cron: '30 2 * * *' }) },
      [`NextRunsChanged next runs: ${nights} → ${later}`],
    ],
    ['a schedule at last', { schedule: null }, {}, [`NextRunsChanged next runs: none → ${nights}`]],
    ['no schedule any more', {}, { schedule: null }, ['ManualOnly it runs only when somebody asks for it']],
    ['suspended', {}, { enabled: false }, ['Suspended it will not run until it is enabled']],
    ['suspended as before', { enabled: false }, { enabled: false, description: 'a' }, []],
    [
      'resumed',
      { enabled: false },
      {},
      ['Resumed it runs again; what it missed is not made up for', `NextRuns next runs: ${nights}`],
    ],
  ])('%s', (_, before, after, effects) => {
    expect(updated(before, after)).toEqual(effects);
  });

  test('the same hours in another zone are other times', () => {
    const effects = updated({}, { schedule: schedule({ timeZone: 'UTC' }) });
    expect(effects).toEqual([
      `NextRunsChanged next runs: ${nights} → 2026-11-23 01:00, 2026-11-24 01:00, 2026-11-25 01:00 UTC`,
    ]);
  });

  test('a schedule that has no next run, and one with seconds', () => {
    const wanted = desired([resolvedTask()]);
    expect(only(planOf(wanted, [], { nextRuns: () => [] })).effects[0]?.message).toBe('next runs: none');
    expect(only(planOf(wanted, [], { nextRuns: () => [1000] })).effects[0]?.message).toBe(
      'next runs: 1970-01-01 01:00:01 Europe/Berlin',
    );
  });
});

describe('the data of a task that changes', () => {
  const sync = { transferMode: 'SYNC' } as const;
  const move = { transferMode: 'MOVE' } as const;
  const encryption = { password: { fromEnv: 'A' }, salt: null, filenames: false };

  test.each<[string, Partial<TaskSpec>, Partial<TaskSpec>, readonly string[]]>([
    ['COPY to SYNC', {}, sync, [`DeletesAtDestination! COPY → SYNC: ${syncs}`]],
    ['SYNC to MOVE', sync, move, [`MovesFromSource! SYNC → MOVE: ${moves}`]],
    ['SYNC to COPY', sync, {}, []],
    [
      'the direction',
      { direction: 'PULL' },
      {},
      [`DirectionChanged! PULL → PUSH: files now go from /mnt/tank/photos to family-photos/photos; ${copies}`],
    ],
    [
      'the direction under SYNC',
      { ...sync, direction: 'PULL' },
      sync,
      [`DirectionChanged! PULL → PUSH: files now go from /mnt/tank/photos to family-photos/photos; ${syncs}`],
    ],
    [
      'the source, from a list to one path',
      { paths: ['/a', '/b'] },
      {},
      [
        `LocationChanged source /a, /b → /mnt/tank/photos; the path now goes there itself, and no longer to its own name: ${copies}`,
      ],
    ],
    [
      'the source, to a list, under SYNC',
      sync,
      { ...sync, paths: ['/m/a', '/m/b'] },
      [
        'LocationChanged! source /mnt/tank/photos → /m/a, /m/b; each path now goes to its own name there: files in a, b ' +
          'under family-photos/photos that are not in /m/a, /m/b will be deleted',
      ],
    ],
    [
      'the source, one path less',
      { paths: ['/m/a', '/m/b', '/m/c'] },
      { paths: ['/m/a', '/m/b'] },
      [
        'LocationChanged source /m/a, /m/b, /m/c → /m/a, /m/b; what was sent as c stays there: files of the same name in ' +
          'a, b under family-photos/photos will be overwritten',
      ],
    ],
    [
      'the source, one path more',
      { paths: ['/m/a', '/m/b'] },
      { paths: ['/m/a', '/m/b', '/m/c'] },
      [
        'LocationChanged source /m/a, /m/b → /m/a, /m/b, /m/c: files of the same name in a, b, c under ' +
          'family-photos/photos will be overwritten',
      ],
    ],
    [
      'the destination under SYNC',
      { ...sync, remote: remoteLocation({ credential: 'b2', bucket: 'old', folder: '' }) },
      sync,
      [`LocationChanged! destination old → family-photos/photos: ${syncs}`],
    ],
    [
      'both under MOVE',
      { ...move, paths: ['/a'], remote: remoteLocation({ credential: 'b2', bucket: 'old' }) },
      move,
      [`LocationChanged! source /a → /mnt/tank/photos; destination old/photos → family-photos/photos: ${moves}`],
    ],
    [
      'encryption on',
      {},
      { encryption },
      [
        `EncryptionChanged! encryption on: files under family-photos/photos that are not encrypted can no longer be read by this task; ${again}; ${copies}`,
      ],
    ],
    [
      'encryption off under SYNC',
      { ...sync, encryption },
      sync,
      [
        `EncryptionChanged! encryption off: files under family-photos/photos that are encrypted can no longer be read by this task; ${again}; ${syncs}`,
      ],
    ],
    [
      'encryption of filenames on',
      { encryption },
      { encryption: { ...encryption, filenames: true } },
      [`EncryptionChanged! encryption of filenames on: ${oldSettings}; ${again}; ${copies}`],
    ],
    [
      'encryption of filenames off',
      { encryption: { ...encryption, filenames: true } },
      { encryption },
      [`EncryptionChanged! encryption of filenames off: ${oldSettings}; ${again}; ${copies}`],
    ],
    [
      'another password on a PULL',
      { direction: 'PULL', encryption },
      { direction: 'PULL', encryption: { ...encryption, password: { fromEnv: 'B' } } },
      [
        `EncryptionChanged! encryption password changed: ${oldSettings}; files of the same name under /mnt/tank/photos will be overwritten`,
      ],
    ],
    [
      'another salt and other filenames',
      { encryption: { ...encryption, salt: { fromEnv: 'S' } } },
      { encryption: { ...encryption, password: { fromEnv: 'B' }, filenames: true } },
      [
        `EncryptionChanged! encryption password and salt changed, encryption of filenames on: ${oldSettings}; ${again}; ${copies}`,
      ],
    ],
    [
      'a first include',
      {},
      { include: ['*.jpg'] },
      ['FiltersChanged only files that an include matches are taken now, and all others are left out'],
    ],
    [
      'no include any more',
      { include: ['*.jpg'] },
      {},
      ['FiltersChanged nothing is included by name any more, so that all files are taken that no exclude leaves out'],
    ],
    ['filters under COPY', {}, { exclude: ['*.tmp'] }, []],
    [
      'filters under SYNC',
      sync,
      { ...sync, exclude: ['*.tmp'], followSymlinks: true },
      [`FiltersChanged! exclude, followSymlinks changed, so that other files count than before: ${syncs}`],
    ],
    [
      'filters under MOVE',
      move,
      { ...move, include: ['*.jpg'] },
      [
        `FiltersChanged! include changed, so that other files count than before: ${moves}`,
        'FiltersChanged only files that an include matches are taken now, and all others are left out',
      ],
    ],
  ])('%s', (_, before, after, effects) => {
    expect(updated(before, after)).toEqual(effects);
  });

  test.each<[string, Partial<TaskSpec['safety']>, Partial<TaskSpec['safety']>, string | null]>([
    [
      'an empty source',
      {},
      { allowEmptySource: true },
      'an empty /mnt/tank/photos is accepted now, and would empty family-photos/photos',
    ],
    ['no empty source', { allowEmptySource: true }, {}, null],
    [
      'more by percentage',
      {},
      { maxDelete: { kind: 'percentage', percentage: 51 } },
      'more may be deleted under family-photos/photos than before: 50% → 51%',
    ],
    ['less by percentage', {}, { maxDelete: { kind: 'percentage', percentage: 49 } }, null],
    [
      'more by count',
      { maxDelete: { kind: 'count', count: 1 } },
      { maxDelete: { kind: 'count', count: 2 } },
      'more may be deleted under family-photos/photos than before: 1 file → 2 files',
    ],
    ['less by count', { maxDelete: { kind: 'count', count: 2 } }, { maxDelete: { kind: 'count', count: 1 } }, null],
    [
      'another kind of limit',
      {},
      { maxDelete: { kind: 'count', count: 1 } },
      'more may be deleted under family-photos/photos than before: 50% → 1 file',
    ],
    [
      'no preflight',
      { preflight: 'always' },
      { preflight: 'never' },
      'preflight always → never: a run with too many deletes under family-photos/photos is no longer refused before ' +
        'the first of them, but stopped after 50%',
    ],
    ['no preflight as before', { preflight: 'never' }, { preflight: 'never' }, null],
    ['a preflight again', { preflight: 'never' }, { preflight: 'always' }, null],
  ])('what held deletes back under SYNC: %s', (_, before, after, message) => {
    const { safety } = taskSpec();
    const effects = updated(
      { ...sync, safety: { ...safety, ...before } },
      { ...sync, safety: { ...safety, ...after } },
    );
    expect(effects).toEqual(message === null ? [] : [`DeletesAtDestination! ${message}`]);
    expect(updated({ safety: { ...safety, ...before } }, { safety: { ...safety, ...after } })).toEqual([]);
  });

  test('what is dangerous comes first', () => {
    const effects = updated({}, { ...sync, encryption, schedule: null });
    expect(effects.map((effect) => effect.split(' ')[0])).toEqual([
      'DeletesAtDestination!',
      'EncryptionChanged!',
      'ManualOnly',
    ]);
    expect(
      updated({ encryption }, { exclude: ['a'], direction: 'PULL' }).map((effect) => effect.split(' ')[0]),
    ).toEqual(['DirectionChanged!', 'EncryptionChanged!']);
  });
});

describe('the scripts of a task', () => {
  const daemon = 'scripts run as the user of the daemon';
  const stops = 'a preScript that fails stops the run';

  test.each<[string, Partial<TaskSpec>, Partial<TaskSpec>, readonly string[]]>([
    ['one more', {}, { preScript: 'a' }, [`ScriptsChanged preScript is new; ${daemon}; ${stops}`]],
    [
      'others',
      { preScript: 'a', postScript: 'b' },
      { preScript: 'a', postScript: 'c', finallyScript: 'd' },
      [`ScriptsChanged postScript changed, finallyScript is new; ${daemon}`],
    ],
    ['one less', { finallyScript: 'a' }, {}, ['ScriptsChanged finallyScript is removed']],
    ['a check less under COPY', { preScript: 'a' }, {}, ['ScriptsChanged preScript is removed']],
    [
      'a check less under SYNC',
      { preScript: 'a', transferMode: 'SYNC' },
      { transferMode: 'SYNC' },
      ['ScriptsChanged! preScript is removed; what preScript checked is no longer checked'],
    ],
  ])('%s', (_, before, after, effects) => {
    expect(updated(before, after)).toEqual(effects);
  });

  test('are told of a new task too', () => {
    expect(created({ postScript: 'a' }).slice(1)).toEqual([
      { code: 'ScriptsChanged', danger: false, message: `postScript is new; ${daemon}` },
    ]);
  });
});

describe('the credential of a task', () => {
  const sync = { transferMode: 'SYNC' } as const;

  test.each([
    [
      'a secret found elsewhere',
      { options: { account: 'a', key: { fromFile: '/run/key' } } },
      'CredentialChanged credential b2: key changed',
    ],
    [
      'another option',
      { options: { account: 'b', key: { fromEnv: 'KEY' } } },
      'CredentialChanged! credential b2: account changed',
    ],
    [
      'a secret that is new',
      { options: { account: 'a', key: { fromEnv: 'KEY' }, token: { fromEnv: 'T' } } },
      'CredentialChanged! credential b2: token changed',
    ],
    ['a secret that is gone', { options: { account: 'a' } }, 'CredentialChanged! credential b2: key changed'],
    ['another provider', { provider: 's3' }, 'CredentialChanged! credential b2: provider changed'],
  ])('%s', (_, part, effect) => {
    const danger = effect.includes('!') ? `; it may lead to another place, and ${syncs}` : '';
    expect(updated(sync, sync, [b2, { ...b2, ...part }])).toEqual([`${effect}${danger}`]);
    expect(updated({}, {}, [b2, { ...b2, ...part }])).toEqual([effect.replace('!', '')]);
  });

  test('under another name', () => {
    const other = { remote: remoteLocation({ credential: 'other', bucket: 'family-photos' }) };
    expect(updated({ ...sync, ...other }, sync)).toEqual(['CredentialChanged credential other → credential b2']);
  });

  test('a section of rclone.conf in its place, and places that have no bucket', () => {
    const section = remoteLocation({ credential: null, rcloneRemote: 'nas' });
    const active = activeTask('photos', { spec: taskSpec({ remote: section }), credential: null });
    const sftp = resolvedTask('photos', { credential: credentialSpec({ provider: 'sftp', options: { host: 'nas' } }) });
    const there = only(planOf(desired([sftp]), [active])).effects.map(({ message }) => message);
    expect(there).toEqual([
      'destination nas:photos → here:photos: files of the same name under here:photos will be overwritten',
      'section nas of rclone.conf → credential here: provider, host changed',
    ]);
    const back = resolvedTask('photos', { spec: taskSpec({ remote: section }), credential: null });
    const before = activeTask('photos', { spec: taskSpec({ remote: remoteLocation({ folder: '' }) }) });
    const messages = only(planOf(desired([back]), [before])).effects.map(({ message }) => message);
    expect(messages).toEqual([
      'destination /remote → nas:photos: files of the same name under nas:photos will be overwritten',
      'credential here → section nas of rclone.conf: provider, root changed',
    ]);
  });

  test('a local credential whose root cannot be shown goes by its name', () => {
    const credential = credentialSpec({ options: { root: { fromEnv: 'ROOT' } } });
    const effects = only(planOf(desired([resolvedTask('photos', { credential })]), [activeTask()])).effects;
    expect(effects[0]?.message).toContain('destination /remote/photos → here:photos');
  });
});
