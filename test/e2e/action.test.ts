import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { commitAll, git } from '../helper/git-repository.ts';
import { credentialManifest, taskManifest, type WrittenSpec } from '../helper/manifest.ts';
import { type TemporaryDirectory, temporaryDirectory } from '../helper/temporary-directory.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

interface Action {
  readonly inputs: Readonly<Record<string, { readonly default: string }>>;
  readonly outputs: Readonly<Record<string, { readonly value: string }>>;
  readonly runs: { readonly steps: readonly Step[] };
}

interface Step {
  readonly id?: string;
  readonly run: string;
  readonly env?: Readonly<Record<string, string>>;
}

interface Finished {
  readonly failed: boolean;
  readonly outputs: Readonly<Record<string, string>>;
  readonly summary: string;
  readonly log: string;
}

type Values = Readonly<Record<string, string>>;

/** Does what a runner does with a composite action: fills in expressions, runs each step with bash, collects outputs. */
async function runAction(directory: TemporaryDirectory, inputs: Values, event = 'pull_request'): Promise<Finished> {
  const action = parse(await readFile(`${root}action.yml`, 'utf8')) as Action;
  const values = new Map(Object.entries(action.inputs).map(([name, input]) => [`inputs.${name}`, input.default]));
  for (const [name, value] of Object.entries(inputs)) values.set(`inputs.${name}`, value);
  const fill = (text: string) =>
    text.replace(/\$\{\{ (.+?) \}\}/g, (_, expression: string) => values.get(expression) ?? '');
  const { PATH = '' } = process.env;
  const output = directory.at('output');
  const summary = directory.at('summary.md');
  await writeFile(summary, '');
  let log = '';
  let failed = false;
  for (const { id = '', run, env = {} } of action.runs.steps) {
    await writeFile(output, '');
    const environment = {
      ...{
        PATH,
        HOME: directory.path,
        STATE_DIRECTORY: directory.at('state'),
        RUNNER_TEMP: directory.at('temp'),
        GITHUB_WORKSPACE: directory.at('repo'),
      },
      ...{ GITHUB_ACTION_PATH: root, GITHUB_EVENT_NAME: event, GITHUB_OUTPUT: output, GITHUB_STEP_SUMMARY: summary },
      ...Object.fromEntries(Object.entries(env).map(([name, value]) => [name, fill(value)])),
    };
    const script = await directory.write('temp/step.sh', fill(run));
    const words = ['--noprofile', '--norc', '-eo', 'pipefail', script];
    const done = promisify(execFile)('bash', words, { cwd: directory.at('repo'), env: environment });
    await done.then(
      ({ stdout, stderr }) => (log += stdout + stderr),
      (error: { readonly stdout: string; readonly stderr: string }) => {
        log += error.stdout + error.stderr;
        failed = true;
      },
    );
    const lines = (await readFile(output, 'utf8')).split('\n').filter((line) => line !== '');
    for (const line of lines)
      values.set(`steps.${id}.outputs.${line.split('=')[0]}`, line.slice(line.indexOf('=') + 1));
    if (failed) break;
  }
  const outputs = Object.entries(action.outputs).map(([name, { value }]) => [name, fill(value)] as const);
  return { failed, outputs: Object.fromEntries(outputs), summary: await readFile(summary, 'utf8'), log };
}

interface Repository extends TemporaryDirectory {
  manifest(name: string, spec: WrittenSpec): Promise<unknown>;
}

/** A clone with the depth that the checkout of a runner has, of a repository with one task on its branch main. */
async function openRepository(): Promise<Repository> {
  const directory = await temporaryDirectory();
  const manifest = (name: string, spec: WrittenSpec, folder = 'repo') =>
    directory.write(`${folder}/tasks.d/${name}.yaml`, stringify(taskManifest(name, spec)));
  await directory.write('origin/tasks.d/here.yaml', stringify(credentialManifest()));
  await manifest('photos', { transferMode: 'COPY' }, 'origin');
  git(directory.at('origin'), 'init', '--quiet');
  commitAll(directory.at('origin'));
  git(directory.path, 'clone', '--quiet', '--depth=1', `file://${directory.at('origin')}`, 'repo');
  git(directory.at('repo'), 'checkout', '--quiet', '-b', 'change');
  return { ...directory, manifest };
}

describe.concurrent('the GitHub action', () => {
  test('shows what a pull request would change', async () => {
    await using repository = await openRepository();
    await repository.manifest('photos', { transferMode: 'SYNC' });
    await repository.manifest('music', {});
    commitAll(repository.at('repo'));

    const { failed, outputs, summary, log } = await runAction(repository, { 'base-ref': 'main' });

    expect({ failed, log }).toEqual({ failed: false, log: expect.stringContaining('1 to create, 1 to update') });
    expect(outputs).toMatchObject({
      ...{ valid: 'true', 'has-changes': 'true', 'has-danger': 'true', creates: '1', updates: '1', deletes: '0' },
    });
    expect(summary).toContain('photos');
    expect(await readFile(String(outputs['plan-markdown']), 'utf8')).toBe(summary);
    expect(JSON.parse(await readFile(String(outputs['plan-json']), 'utf8'))).toMatchObject({ formatVersion: '1.0' });
  });

  test('fetches what a shallow checkout does not hold, and names what it compared with', async () => {
    await using repository = await openRepository();
    git(repository.at('repo'), 'branch', '-D', 'main');
    git(repository.at('repo'), 'update-ref', '-d', 'refs/remotes/origin/main');
    await repository.manifest('music', {});
    commitAll(repository.at('repo'));

    const { failed, outputs } = await runAction(repository, { 'base-ref': 'main' });

    expect(failed).toBe(false);
    expect(outputs).toMatchObject({ creates: '1', updates: '0' });
  });

  test('fails on broken manifests, with their places, and still shows the rest', async () => {
    await using repository = await openRepository();
    await repository.manifest('music', {});
    await repository.manifest('letters', { scheduel: 'daily' });
    commitAll(repository.at('repo'));

    const { failed, outputs, summary, log } = await runAction(repository, { 'base-ref': 'main' });

    expect(failed).toBe(true);
    expect(log).toMatch(/^::error .*file=tasks\.d\/letters\.yaml,line=\d+/m);
    expect(log).toContain('manifests are not valid');
    expect(outputs).toMatchObject({ valid: 'false', creates: '1' });
    expect(summary).toContain('letters');
  });

  test.for([
    [{ 'fail-on': 'never' }, false],
    [{ 'fail-on': 'invalid' }, false],
    [{ 'fail-on': 'danger' }, true],
    [{ 'fail-on': 'changes' }, true],
    [{ 'fail-on': 'sometimes' }, true],
    [{ 'base-ref': 'no-such-branch' }, true],
    [{ tasks: 'no-such-directory' }, true],
  ] as const)('of a dangerous change, with %j, fails: %s', async ([inputs, expected]) => {
    await using repository = await openRepository();
    await repository.manifest('photos', { transferMode: 'SYNC' });
    commitAll(repository.at('repo'));

    expect((await runAction(repository, { 'base-ref': 'main', ...inputs })).failed).toBe(expected);
  });

  test('of nothing that changes finds no change', async () => {
    await using repository = await openRepository();
    const { failed, outputs } = await runAction(repository, { 'base-ref': 'main', 'fail-on': 'changes' });
    expect(failed).toBe(false);
    expect(outputs).toMatchObject({ 'has-changes': 'false', 'has-danger': 'false' });
  });

  test.for(['', '0'.repeat(40)])('without a revision to compare with, as "%s", only validates', async (base) => {
    await using repository = await openRepository();
    const { failed, outputs, summary } = await runAction(repository, { 'base-ref': base }, 'push');
    expect({ failed, summary }).toEqual({ failed: false, summary: '' });
    expect(outputs).toMatchObject({ valid: 'true', 'has-changes': '', 'plan-json': '' });
  });

  test('refuses pull_request_target', async () => {
    await using repository = await openRepository();
    const { failed, log } = await runAction(repository, { 'base-ref': 'main' }, 'pull_request_target');
    expect({ failed, log }).toEqual({ failed: true, log: expect.stringContaining('Use pull_request.') });
  });
});
