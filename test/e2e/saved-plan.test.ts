import { readFile, rm } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { type Cloudsync, openCloudsync } from '../helper/cloudsync.ts';
import { addCredential, addTask, openWithTask } from '../helper/task.ts';

interface PlanDocument {
  readonly hash: string;
  readonly summary: Readonly<Record<string, number>>;
}

async function openWithPlan(): Promise<Cloudsync> {
  const cloudsync = await openWithTask({ schedule: 'daily' });
  await save(cloudsync);
  return cloudsync;
}

async function save(cloudsync: Cloudsync): Promise<void> {
  expect(await cloudsync.run('plan', '-o', 'plan.json')).toMatchObject({ exitCode: 0 });
}

async function isActive(cloudsync: Cloudsync, name: string): Promise<boolean> {
  return (await cloudsync.run('next', name)).exitCode === 0;
}

describe.concurrent('beside a daemon', () => {
  test('a plan shows what the daemon would do, with its options, and other ones are refused', async () => {
    await using cloudsync = await openWithPlan();
    const elsewhere = cloudsync.directory.at('tasks.d');
    await cloudsync.daemon('--name', 'pho*', '--tasks', elsewhere, '--apply', 'manual');
    await addTask(cloudsync, 'music');
    await cloudsync.manifest('broken.yaml', 'kind: [');

    const { document } = await cloudsync.json<PlanDocument & { problems: readonly { file: string }[] }>('plan');
    expect(document).toMatchObject({
      summary: { create: 1, invalid: 1 },
      problems: [{ file: 'tasks.d/broken.yaml' }],
    });
    await cloudsync.run('plan', '-o', 'plan.json');
    for (const command of ['plan', 'apply']) {
      expect(await cloudsync.run(command, '--name', '*', '--strict')).toMatchObject({
        ...{ exitCode: 64, stdout: '', stderr: expect.stringContaining('another --name and --strict') },
      });
    }
    await cloudsync.run('--tasks', 'others', 'init');
    expect(await cloudsync.run('--tasks', 'others', 'apply')).toMatchObject({
      ...{ exitCode: 64, stderr: expect.stringContaining(`follows ${elsewhere}, and not`) },
    });
    expect(await isActive(cloudsync, 'photos')).toBe(false);

    expect(await cloudsync.run('apply', 'plan.json', '--name', 'pho*')).toMatchObject({ exitCode: 1 });
    expect(await isActive(cloudsync, 'photos')).toBe(true);
    expect((await cloudsync.run('run', 'music')).exitCode).toBe(1);
  });
});

describe.concurrent('a saved plan', () => {
  test('is applied while it is what would be done, and is stale afterwards', async () => {
    await using cloudsync = await openWithPlan();

    expect(await cloudsync.run('apply', '--dry-run', 'plan.json')).toMatchObject({ exitCode: 0 });
    expect(await isActive(cloudsync, 'photos')).toBe(false);
    expect(await cloudsync.run('apply', 'plan.json')).toMatchObject({ exitCode: 0 });
    expect(await isActive(cloudsync, 'photos')).toBe(true);

    const again = await cloudsync.run('apply', 'plan.json');
    expect(again).toMatchObject({ exitCode: 4, stdout: '' });
    expect(again.stderr).toContain('what is active has changed since: photos (create, now unchanged)');
    expect(again.stderr).toContain('in force already');
  });

  test('is stale when the manifests have moved, and then nothing of it is applied', async () => {
    await using cloudsync = await openWithPlan();
    await addTask(cloudsync, 'music');

    const stale = await cloudsync.run('apply', 'plan.json');

    expect(stale.exitCode).toBe(4);
    expect(stale.stderr).toContain('plan.json is stale, nothing was applied: the manifests have changed since: music');
    expect(await isActive(cloudsync, 'photos')).toBe(false);
    expect((await cloudsync.run('apply', '--dry-run', 'plan.json')).exitCode).toBe(4);
  });

  test('is stale when what is active has moved', async () => {
    await using cloudsync = await openWithPlan();
    const first = await readFile(cloudsync.directory.at('tasks.d/photos.yaml'), 'utf8');
    await addTask(cloudsync, 'photos', { schedule: 'weekly' });
    await cloudsync.run('apply');
    await cloudsync.manifest('photos.yaml', first);

    const stale = await cloudsync.run('apply', 'plan.json');

    expect(stale.exitCode).toBe(4);
    expect(stale.stderr).toContain('what is active has changed since: photos (create, now update)');
  });

  test('is stale once the deletes that it shows as blocked are approved', async () => {
    await using cloudsync = await openWithPlan();
    await cloudsync.run('apply');
    for (const name of ['photos', 'here']) await rm(cloudsync.directory.at(`tasks.d/${name}.yaml`));
    const plan = await cloudsync.run('plan', '-o', 'plan.json');
    expect(plan.exitCode).toBe(3);
    expect((await cloudsync.run('apply', 'plan.json')).exitCode).toBe(3);

    const [, hash = ''] = /approve-prune ([0-9a-f]+)/.exec(plan.stdout) ?? [];
    await cloudsync.run('approve-prune', hash);

    const stale = await cloudsync.run('apply', 'plan.json');
    expect(stale).toMatchObject({
      exitCode: 4,
      stderr: expect.stringContaining('the prune guard judges otherwise now'),
    });
    expect(await isActive(cloudsync, 'photos')).toBe(true);
  });

  test.for([
    ['garbage', 'hello', 'is no JSON'],
    ['no file', null, 'cannot be read: ENOENT'],
  ] as const)('%s: what cannot be applied is refused', async ([, content, reason]) => {
    await using cloudsync = await openWithPlan();
    if (content !== null) await cloudsync.directory.write('odd.json', content);
    const { exitCode, stderr } = await cloudsync.run('apply', 'odd.json');
    expect({ exitCode, stderr }).toMatchObject({ exitCode: 1, stderr: expect.stringContaining(`odd.json ${reason}`) });
  });
});

describe.concurrent('an exported state', () => {
  test('stands for what is active: the plan is the same, and can be applied', async () => {
    await using cloudsync = await openWithPlan();
    await addTask(cloudsync, 'letters', { encryption: { password: { fromEnv: 'PASSWORD' } } });
    await cloudsync.run('apply');
    const pulled = await cloudsync.run('state', 'pull');
    expect(pulled).toMatchObject({ exitCode: 0, stderr: '' });
    await cloudsync.directory.write('state.json', pulled.stdout);

    const same = await cloudsync.run('plan', '--state', 'state.json', '--detailed-exitcode');
    expect(same).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('0 to delete, 2 unchanged') });

    await addTask(cloudsync, 'photos', { schedule: 'weekly' });
    const here = await cloudsync.json<PlanDocument>('plan');
    const there = await cloudsync.json<PlanDocument>('--state-dir', 'elsewhere', 'plan', '--state', 'state.json');
    expect(there.document).toEqual({ ...here.document, comparedWith: { kind: 'state', file: 'state.json' } });

    await cloudsync.directory.write('plan.json', there.stdout);
    expect(await cloudsync.run('apply', 'plan.json')).toMatchObject({ exitCode: 0 });
  });

  test('made somewhere else is compared as if the manifests lay there', async () => {
    await using cloudsync = await openWithPlan();
    await cloudsync.run('apply');
    const { stdout } = await cloudsync.run('state', 'pull');
    await using checkout = await openCloudsync();
    await addCredential(checkout);
    await addTask(checkout, 'photos', { schedule: 'daily' });
    await checkout.directory.write('state.json', stdout);

    expect(await checkout.run('plan', '--state', 'state.json', '--detailed-exitcode')).toMatchObject({ exitCode: 0 });
    expect(await checkout.run('apply', '--state', 'state.json')).toMatchObject({ exitCode: 64 });
    expect(await checkout.run('plan', '--state', 'tasks.d/here.yaml')).toMatchObject({
      ...{ exitCode: 1, stderr: expect.stringContaining('tasks.d/here.yaml is no JSON') },
    });
  });
});
