import { mkdir, symlink } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import type { CredentialSpec } from '../../src/model/credential.ts';
import type { TaskSpec } from '../../src/model/task.ts';
import { breachOf } from '../../src/run/confinement.ts';
import { credentialSpec, resolvedTask, taskSpec } from '../helper/build.ts';
import { temporaryDirectory } from '../helper/temporary-directory.ts';

const free = { pathRoots: [], commands: true };
const noCommands = { ...free, commands: false };

function task(
  part: Partial<TaskSpec>,
  credential: CredentialSpec | null = credentialSpec({ provider: 'sftp', options: {} }),
) {
  return resolvedTask('photos', { spec: taskSpec(part), credential });
}

describe('commands', () => {
  const fromCommand = { fromCommand: ['pass', 'show'] };

  test.each([
    ['spec.preScript', task({ preScript: 'true' })],
    ['spec.postScript', task({ postScript: 'true' })],
    ['spec.finallyScript', task({ finallyScript: 'true' })],
    ['spec.encryption.password', task({ encryption: { password: fromCommand, salt: null, filenames: true } })],
    ['spec.encryption.salt', task({ encryption: { password: { fromEnv: 'A' }, salt: fromCommand, filenames: true } })],
    ['spec.options.pass', task({}, credentialSpec({ provider: 'sftp', options: { pass: fromCommand } }))],
  ])('%s may not run one where none may', async (path, given) => {
    expect(await breachOf(given, noCommands, {})).toBe(`${path} runs a command, which --no-scripts forbids`);
    expect(await breachOf(given, free, {})).toBeNull();
  });

  test('a task that runs none may run', async () => {
    expect(await breachOf(task({ preScript: ' \n' }), noCommands, {})).toBeNull();
    expect(await breachOf(task({}, null), noCommands, {})).toBeNull();
  });
});

describe('paths', () => {
  test('inside a root they may be used, also before they are there', async () => {
    await using directory = await temporaryDirectory();
    const confinement = { ...free, pathRoots: [directory.at('other'), directory.at('data')] };
    await mkdir(directory.at('data/photos'), { recursive: true });
    expect(await breachOf(task({ paths: [directory.at('data/photos')] }), confinement, {})).toBeNull();
    expect(await breachOf(task({ paths: [directory.at('data/new/deep')] }), confinement, {})).toBeNull();
  });

  test('a link inside a root does not lead out of it', async () => {
    await using directory = await temporaryDirectory();
    await mkdir(directory.at('data'));
    await mkdir(directory.at('elsewhere'));
    await symlink(directory.at('elsewhere'), directory.at('data/link'));
    const confinement = { ...free, pathRoots: [directory.at('data')] };
    const breach = await breachOf(task({ paths: [directory.at('data/link/photos')] }), confinement, {});
    expect(breach).toContain(`leads to ${directory.at('elsewhere/photos')}, which is in none of the folders`);
  });

  test('each of a list counts, and so does the folder of a local remote', async () => {
    await using directory = await temporaryDirectory();
    const confinement = { ...free, pathRoots: [directory.at('data')] };
    const paths = [directory.at('data/a'), directory.at('database')];
    expect(await breachOf(task({ paths }), confinement, {})).toContain(directory.at('database'));
    const local = credentialSpec({ options: { root: directory.path } });
    expect(await breachOf(task({ paths: [directory.at('data/a')] }, local), confinement, {})).toContain('in none of');
  });
});
