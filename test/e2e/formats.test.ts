import { readFileSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect, test } from 'vitest';
import { type Cloudsync, openCloudsync } from '../helper/cloudsync.ts';
import { readTree } from '../helper/file-tree.ts';
import { credentialManifest, taskManifest } from '../helper/manifest.ts';
import { addCredential, addTask } from '../helper/task.ts';

const formats = ['text', 'json', 'markdown', 'github', 'sarif', 'junit'] as const;

const validatePlan = new Ajv2020({ strict: true, allErrors: true, allowUnionTypes: true }).compile(
  JSON.parse(readFileSync('schema/plan.schema.json', 'utf8')),
);

interface PlanDocument {
  readonly summary: Readonly<Record<string, number>>;
  readonly changes: readonly { readonly action: string; readonly effects: readonly object[] }[];
}

/** Applied, and then changed so that every kind of change is there but the one that another excludes. */
async function openEveryKind(): Promise<Cloudsync> {
  const cloudsync = await openCloudsync();
  await addCredential(cloudsync);
  for (const name of ['changes', 'goes', 'moves', 'breaks', 'stays']) await addTask(cloudsync, name);
  await cloudsync.run('apply');
  await addTask(cloudsync, 'comes', { schedule: 'daily', preScript: 'true\n' });
  await addTask(cloudsync, 'changes', { transferMode: 'SYNC', schedule: 'hourly' });
  await rm(cloudsync.directory.at('tasks.d/goes.yaml'));
  await rename(cloudsync.directory.at('tasks.d/moves.yaml'), cloudsync.directory.at('tasks.d/moved.yaml'));
  await cloudsync.manifest('breaks.yaml', taskManifest('breaks', { direction: 'UP' }));
  return cloudsync;
}

async function removeAll(cloudsync: Cloudsync): Promise<void> {
  for (const name of ['changes', 'moved', 'breaks', 'stays', 'comes', 'here'])
    await rm(cloudsync.directory.at(`tasks.d/${name}.yaml`));
}

test.concurrent('what plan prints as JSON is what its schema describes', async () => {
  await using cloudsync = await openEveryKind();
  const every = await cloudsync.json<PlanDocument>('plan');
  expect(every.document.summary).toEqual({
    ...{ create: 1, update: 1, delete: 1, unchanged: 1, adopt: 1, invalid: 1, blocked: 0 },
  });
  await removeAll(cloudsync);
  const blocked = await cloudsync.json<PlanDocument>('plan');
  expect(blocked.document.summary).toMatchObject({ blocked: 5 });
  for (const { document } of [every, blocked]) {
    validatePlan(document);
    expect(validatePlan.errors).toBeNull();
  }
});

test.concurrent('schema plan prints the schema', async () => {
  await using cloudsync = await openCloudsync();
  const { exitCode, stdout } = await cloudsync.run('schema', 'plan');
  expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: readFileSync('schema/plan.schema.json', 'utf8') });
});

test.concurrent('no format changes the exit code, and files are written beside', async () => {
  await using cloudsync = await openEveryKind();
  const codes = async (...words: readonly string[]) => {
    const all = await Promise.all(formats.map((format) => cloudsync.run(...words, '-o', format)));
    return [...new Set(all.map(({ exitCode }) => exitCode))];
  };
  expect(await codes('validate')).toEqual([1]);
  expect(await codes('plan')).toEqual([1]);
  await addTask(cloudsync, 'breaks');
  expect(await codes('validate')).toEqual([0]);
  expect(await codes('plan')).toEqual([0]);
  expect(await codes('plan', '--detailed-exitcode')).toEqual([2]);

  const files = formats.map((format) => ({ format, name: `out.${format}` }));
  const written = await cloudsync.run('plan', ...files.flatMap(({ format, name }) => ['-o', `${format}=${name}`]));
  expect(written.exitCode).toBe(0);
  for (const { format, name } of files) {
    const { stdout } = await cloudsync.run('plan', '-o', format);
    expect(readFileSync(cloudsync.directory.at(name), 'utf8')).toBe(stdout);
  }
  await removeAll(cloudsync);
  expect(await codes('plan')).toEqual([3]);
});

test.concurrent('paths are those of the repository', async () => {
  await using cloudsync = await openCloudsync();
  await cloudsync.directory.write('.git/HEAD', 'ref: refs/heads/main\n');
  await cloudsync.directory.write('infra/tasks/home/wrong.yaml', 'kind: [');
  const words = ['plan', '--tasks', cloudsync.directory.at('infra/tasks')];
  const [markdown, github, sarif, junit] = await Promise.all(
    ['markdown', 'github', 'sarif', 'junit'].map(
      async (format) => (await cloudsync.run(...words, '-o', format)).stdout,
    ),
  );
  expect(markdown).toMatch(/^<!-- cloudsync-plan:infra\/tasks -->\n/);
  expect(markdown).toContain('<code>infra/tasks/home/wrong.yaml:1:7</code>');
  expect(github).toMatch(/^::error file=infra\/tasks\/home\/wrong\.yaml,line=1,col=7,/);
  expect(sarif).toContain('"uri": "infra/tasks/home/wrong.yaml"');
  expect(junit).toContain('classname="infra/tasks/home" name="wrong.yaml" file="infra/tasks/home/wrong.yaml"');
});

test.concurrent('without a checkout they are those of the workspace, else of the working directory', async () => {
  await using cloudsync = await openCloudsync();
  await cloudsync.manifest('wrong.yaml', 'kind: [');
  const fileOf = async () =>
    /^::error file=([^,]+),/.exec((await cloudsync.run('validate', '-o', 'github')).stdout)?.[1];
  expect(await fileOf()).toBe('tasks.d/wrong.yaml');
  Object.assign(cloudsync.environment, { GITHUB_WORKSPACE: cloudsync.tasks });
  expect(await fileOf()).toBe('wrong.yaml');
  Object.assign(cloudsync.environment, { GITHUB_WORKSPACE: cloudsync.directory.at('elsewhere') });
  expect(await fileOf()).toBe('tasks.d/wrong.yaml');
});

test.concurrent('a secret in a manifest is an error, and no format shows it', async () => {
  await using cloudsync = await openCloudsync();
  const canaries = ['Canary-One-7f3a', 'Canary-Two-7f3a', 'Canary-Three-7f3a', 'Canary-Four-7f3a', 'Canary-Five-7f3a'];
  const [key, password, salt, broken, unknown] = canaries;
  await addCredential(cloudsync);
  await addTask(cloudsync, 'photos');
  await cloudsync.run('apply');
  const credential = (options: object) => credentialManifest('far', { provider: 'b2', options });
  await cloudsync.manifest('far.yaml', credential({ account: { fromEnv: 'B2_ACCOUNT' }, key }));
  await cloudsync.manifest('far2.yaml', {
    ...credential({ account: 'a', key: { fromEnv: 'KEY', vault: unknown } }),
    metadata: { name: 'far2' },
  });
  await cloudsync.manifest('photos.yaml', taskManifest('photos', { encryption: { password, salt, filenames: true } }));
  const text = `apiVersion: cloudsync/v1\nkind: CloudCredential\nmetadata: { name: worse }\nspec:\n  provider: b2\n  options:\n    account: a\n    key: ${broken}: x\n   bad: [\n`;
  await cloudsync.manifest('worse.yaml', text);

  const outputs: (readonly [string, Awaited<ReturnType<Cloudsync['run']>>])[] = [];
  // One after the other, since only one apply may hold the state.
  for (const command of ['validate', 'plan', 'apply']) {
    for (const format of formats) {
      const words = [command, '-o', format, '-o', `${format}=out.${command}.${format}`];
      outputs.push([words.join(' '), await cloudsync.run(...words)]);
    }
  }
  expect(outputs.filter(([, { exitCode, stdout }]) => exitCode !== 1 || !stdout.includes('CS043'))).toEqual([]);
  const kept = await readTree(cloudsync.directory.path, Number.POSITIVE_INFINITY);
  const manifests = ['far.yaml', 'far2.yaml', 'photos.yaml', 'worse.yaml'].map((name) => `tasks.d/${name}`);
  const others = Object.entries(kept).filter(([path]) => !manifests.includes(path));
  const everything = JSON.stringify([outputs, others]);
  expect(others.length).toBeGreaterThan(manifests.length);
  for (const canary of canaries) expect(everything).not.toContain(canary);
});
