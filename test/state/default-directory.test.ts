import { describe, expect, test } from 'vitest';
import { defaultStateDirectory, machineStateDirectory } from '../../src/state/default-directory.ts';

const tasks = '/srv/nas/tasks.d';
const key = 'tasks.d-535b354eedc2';
const home = { HOME: '/home/ann' };

describe('defaultStateDirectory', () => {
  test.for<readonly [string, NodeJS.ProcessEnv, number | null, string, string]>([
    ['systemd says', { ...home, STATE_DIRECTORY: '/var/lib/nas' }, 0, 'systemd', '/var/lib/nas'],
    ['systemd says of several', { STATE_DIRECTORY: '/var/lib/a:/var/lib/b' }, 7, 'systemd', '/var/lib/a'],
    [
      'a relative one is none of systemd',
      { ...home, STATE_DIRECTORY: 'a:/b' },
      0,
      'machine',
      `/var/lib/cloudsync/${key}`,
    ],
    ['root', { ...home, XDG_STATE_HOME: '/data' }, 0, 'machine', `/var/lib/cloudsync/${key}`],
    ['a user', home, 1000, 'home', `/home/ann/.local/state/cloudsync/${key}`],
    ['a user who says so', { ...home, XDG_STATE_HOME: '/data' }, 1000, 'home', `/data/cloudsync/${key}`],
    ['without a home', { XDG_STATE_HOME: '/data' }, 1000, 'home', `/data/cloudsync/${key}`],
    ['a relative wish', { ...home, XDG_STATE_HOME: 'data' }, 1000, 'home', `/home/ann/.local/state/cloudsync/${key}`],
    ['an empty wish', { ...home, XDG_STATE_HOME: '' }, null, 'home', `/home/ann/.local/state/cloudsync/${key}`],
  ])('%s', ([, environment, uid, origin, path]) => {
    expect(defaultStateDirectory(tasks, environment, uid)).toEqual({ ok: true, value: { path, origin } });
  });

  test.for<NodeJS.ProcessEnv>([{}, { HOME: '' }, { HOME: 'ann', XDG_STATE_HOME: 'data', STATE_DIRECTORY: 'state' }])(
    'says what to set where there is no home: %o',
    (environment) => {
      const found = defaultStateDirectory(tasks, environment, 1000);
      expect(found.ok ? '' : found.error).toMatch(
        /neither HOME nor XDG_STATE_HOME.*--state-dir or CLOUDSYNC_STATE_DIR/,
      );
    },
  );

  test.for([
    ['/srv/nas/tasks.d/', key],
    ['/srv/nas/../nas/tasks.d', key],
    ['/srv/Fotos und Töne', /^Fotos-und-T-ne-[0-9a-f]{12}$/],
    ['/srv/.hidden', /^hidden-[0-9a-f]{12}$/],
    ['/srv/…', /^tasks-[0-9a-f]{12}$/],
    ['/srv/a\n; rm -rf b', /^a-rm--rf-b-[0-9a-f]{12}$/],
    ['/', /^tasks-[0-9a-f]{12}$/],
    [`/srv/${'x'.repeat(200)}`, /^x{24}-[0-9a-f]{12}$/],
  ] as const)('the folder of %s', ([path, wanted]) => {
    const name = machineStateDirectory(path).slice('/var/lib/cloudsync/'.length);
    if (typeof wanted === 'string') expect(name).toBe(wanted);
    else expect(name).toMatch(wanted);
  });

  test('is another one for another path of the same name', () => {
    expect(machineStateDirectory('/srv/a/tasks.d')).not.toBe(machineStateDirectory('/srv/b/tasks.d'));
  });
});
