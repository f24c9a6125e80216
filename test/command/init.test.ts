import { mkdir, readFile, rm, symlink } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { runProgram } from '../../src/command/program.ts';
import { readTree } from '../helper/file-tree.ts';
import { temporaryDirectory } from '../helper/temporary-directory.ts';
import { type CommandResult, capturingShell } from './capturing-shell.ts';

async function cloudsyncIn(directory: string, ...parameters: readonly string[]): Promise<CommandResult> {
  const { shell, stdout, stderr } = capturingShell(directory);
  const exitCode = await runProgram(parameters, shell);
  return { exitCode, stdout: stdout(), stderr: stderr() };
}

const whole = [
  ...[
    'sample/.gitignore',
    'sample/cloud/.gitkeep',
    'sample/documents/hello.txt',
    'schema/credential.schema.json',
    'schema/task.schema.json',
  ],
  ...['tasks.d/.gitignore', 'tasks.d/sample-folder.yaml', 'tasks.d/sample.yaml'],
];

describe('init', () => {
  test('makes a repository, and says so', async () => {
    await using directory = await temporaryDirectory();

    const { exitCode, stdout, stderr } = await cloudsyncIn(directory.path, 'init');

    expect(exitCode).toBe(0);
    const tree = await readTree(directory.path, 1_000_000);
    expect(Object.keys(tree)).toEqual(whole);
    expect(stdout.trim().split('\n').sort()).toEqual(whole.map((path) => `Wrote ${path}`).sort());
    expect(stderr).not.toContain('cd ');
    expect(tree['schema/task.schema.json']).toBe(await readFile('schema/task.schema.json', 'utf8'));
    expect(tree['tasks.d/sample.yaml']).toMatch(/^# yaml-language-server: \$schema=\.\.\/schema\/task\.schema\.json\n/);
  });

  test('leaves what is there, and says so', async () => {
    await using directory = await temporaryDirectory();
    await cloudsyncIn(directory.path, 'init');
    await directory.write('tasks.d/sample.yaml', 'mine');
    await directory.write('schema/task.schema.json', '{}');
    const before = await readTree(directory.path);

    const { exitCode, stdout } = await cloudsyncIn(directory.path, 'init');

    expect(exitCode).toBe(0);
    expect(await readTree(directory.path)).toEqual(before);
    expect(stdout).toContain('tasks.d/.gitignore exists already, and was left as it is\n');
    expect(stdout).toContain('`cloudsync schema task` prints');
    expect(stdout).not.toContain('schema credential');
    expect(stdout).not.toContain('Wrote');
  });

  test('adds no sample to manifests that are there', async () => {
    await using directory = await temporaryDirectory();
    await directory.write('tasks.d/sub/sample.yaml', 'mine');
    const { stderr } = await cloudsyncIn(directory.path, 'init');
    expect(stderr).toContain('no sample was added');
    expect(Object.keys(await readTree(directory.path))).toEqual([
      ...['schema/credential.schema.json', 'schema/task.schema.json', 'tasks.d/.gitignore', 'tasks.d/sub/sample.yaml'],
    ]);
  });

  test('writes over no link, even one that leads nowhere', async () => {
    await using directory = await temporaryDirectory();
    await mkdir(directory.at('schema'));
    await symlink('missing', directory.at('schema/credential.schema.json'));
    const { exitCode, stdout } = await cloudsyncIn(directory.path, 'init');
    expect(exitCode).toBe(0);
    expect(stdout).toContain('schema/credential.schema.json exists already');
  });

  test('finds the tasks directory where the option puts it', async () => {
    await using directory = await temporaryDirectory();
    const { stdout, stderr } = await cloudsyncIn(directory.path, 'init', 'my repo', '--tasks', 'deploy/a b');
    expect(stdout).toContain('Wrote my repo/deploy/a b/sample.yaml');
    expect(stderr).toContain("cd 'my repo'");
    expect(stderr).toContain("cloudsync --tasks 'deploy/a b' validate");
    const sample = await readFile(directory.at('my repo/deploy/a b/sample.yaml'), 'utf8');
    expect(sample).toContain('$schema=../../schema/task.schema.json');
    expect(await cloudsyncIn(directory.path, 'validate', '--tasks', directory.at('my repo/deploy/a b'))).toMatchObject({
      ...{ exitCode: 0, stdout: 'No problems in 2 files\n' },
    });
  });

  test('refuses the checkout of git-sync, and a directory that is a file', async () => {
    await using directory = await temporaryDirectory();
    await mkdir(directory.at('.worktrees/abc'), { recursive: true });
    await symlink('.worktrees/abc', directory.at('tasks.d'));
    expect(await cloudsyncIn(directory.path, 'init')).toMatchObject({
      ...{ exitCode: 1, stdout: '', stderr: expect.stringContaining('would be lost') },
    });
    await rm(directory.at('tasks.d'));
    await directory.write('file', '');
    expect(await cloudsyncIn(directory.path, 'init', 'file')).toMatchObject({ exitCode: 1, stdout: '' });
  });
});
