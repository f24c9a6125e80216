import { expect, test } from 'vitest';
import { addTask, openWithTask } from '../../helper/task.ts';

const head = 'apiVersion: cloudsync/v1\nkind: CloudSyncTask\nmetadata: { name: music }\n';
const spec = `${head}spec:\n  direction: PUSH\n  path: ../local/music\n`;
const remote = '  remote: { credential: here, folder: music }\n';

/** A fault in one file: where it is, its code, and what the message must say. */
const faults = [
  {
    fault: 'a bracket that never closes',
    text: `${spec}  remote: [\n`,
    at: /:\d+:\d+/,
    code: 'CS004',
    says: /hint|expected/i,
  },
  { fault: 'a tab', text: `${spec}\tremote: x\n`, at: /:7:1/, code: 'CS004', says: /tab/ },
  { fault: 'an unknown key', text: `${spec}  remot: x\n${remote}`, at: /:7:3/, code: 'CS012', says: /remot.*remote/s },
  { fault: 'a wrong type', text: `${spec}${remote}  transfers: many\n`, at: /:8:14/, code: 'CS013', says: /many/ },
  {
    fault: '@daily without quotes',
    text: `${spec}${remote}  schedule: @daily\n`,
    at: /:8:13/,
    code: 'CS008',
    says: /write daily/,
  },
  {
    fault: '* without quotes',
    text: `${spec}${remote}  schedule: * * * * *\n`,
    at: /:8:13/,
    code: 'CS008',
    says: /"\* \* \* \* \*"/,
  },
  { fault: 'a key twice', text: `${spec}${remote}  direction: PULL\n`, at: /:8:3/, code: 'CS006', says: /direction/ },
  {
    fault: 'two documents',
    text: `${spec}${remote}---\n${spec}${remote}`,
    at: /:8:1/,
    code: 'CS005',
    says: /exactly one/,
  },
  {
    fault: 'no credential of that name',
    text: `${spec}  remote: { credential: there }\n`,
    at: /:7:25/,
    code: 'CS031',
    says: /"there"/,
  },
  {
    fault: 'a name that is taken',
    text: `${spec}${remote}`.replace('music }', 'photos }'),
    at: /:3:19/,
    code: 'CS030',
    says: /photos/,
  },
] as const;

test.concurrent.for(faults)(
  '$fault is one clear message, and the other tasks go on',
  async ({ text, at, code, says }) => {
    await using cloudsync = await openWithTask();
    await cloudsync.run('apply');
    await cloudsync.manifest('music.yaml', text);
    await addTask(cloudsync, 'letters');

    const { exitCode, stdout } = await cloudsync.run('apply');

    expect(exitCode).toBe(1);
    const [problem = ''] = stdout.split('\n\nApplied:');
    expect(problem).toMatch(new RegExp(`^tasks\\.d/music\\.yaml${at.source} error ${code}`, 'm'));
    expect(problem).toMatch(says);
    expect(stdout).toContain('1 created, 0 updated, 0 deleted, 1 unchanged');
    expect(await cloudsync.run('run', 'photos')).toMatchObject({ exitCode: 0 });
  },
);
