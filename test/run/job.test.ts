import { describe, expect, test } from 'vitest';
import { buildJob } from '../../src/run/job.ts';
import { credentialSpec, resolvedTask, taskSpec } from '../helper/build.ts';

describe('buildJob', () => {
  test('PUSH goes from here to there, PULL from there to here', () => {
    const push = buildJob(resolvedTask(), { root: '/remote' }, false);
    expect(push).toMatchObject({
      value: { transfer: { operation: 'copy', source: '/data/photos', destination: 'remote:/remote/photos' } },
    });
    const pull = buildJob(
      resolvedTask('photos', { spec: taskSpec({ direction: 'PULL', transferMode: 'MOVE' }) }),
      { root: '/remote' },
      true,
    );
    expect(pull).toMatchObject({
      value: {
        transfer: { operation: 'move', source: 'remote:/remote/photos', destination: '/data/photos', dryRun: true },
        ...{ local: '/data/photos', remote: 'remote:/remote/photos', filters: null },
      },
    });
  });

  test('secrets are among the options of the remote and nowhere else', () => {
    const task = resolvedTask('photos', {
      spec: taskSpec({ exclude: ['*.tmp'] }),
      credential: credentialSpec({ provider: 'sftp', options: {} }),
    });
    const job = buildJob(task, { host: 'example.org', user: 'me', pass: 'hunter2' }, false);
    if (!job.ok) throw new Error(job.error);
    const { remotes, ...rest } = job.value;
    expect(JSON.stringify(rest)).not.toContain('hunter2');
    expect(remotes).toMatchObject([{ type: 'sftp', options: { pass: 'hunter2' }, obscured: ['pass'] }]);
    expect(rest).toMatchObject({ filters: '- *.tmp\n', transfer: { hasFilters: true } });
  });

  test('an unknown provider is told', () => {
    const task = resolvedTask('photos', { credential: credentialSpec({ provider: 'floppy' }) });
    expect(buildJob(task, {}, false)).toMatchObject({ ok: false });
  });
});
