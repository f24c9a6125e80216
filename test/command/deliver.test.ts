import { execFile } from 'node:child_process';
import { chmod, mkdir, readdir, readFile, stat, symlink } from 'node:fs/promises';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { commandsIn } from './commands-in.ts';

const summary = 'Plan: 1 to create, 0 to update, 0 to delete, 0 unchanged';

describe('files of --output', () => {
  test('get their format whole, while text is printed', async () => {
    await using world = await commandsIn();
    await world.writeTask('photos');
    await world.write('out.txt', 'what was there before, and is longer than what comes'.repeat(100));
    const { exitCode, stdout } = await world.cloudsync('plan', '-o', 'text=out.txt', '-o', 'plan.json');
    expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: expect.stringContaining(summary) });
    expect(await readFile(world.at('out.txt'), 'utf8')).toBe(stdout);
    const printed = await world.cloudsync('plan', '-o', 'json');
    expect(await readFile(world.at('plan.json'), 'utf8')).toBe(printed.stdout);
    expect((await readdir(world.path)).sort()).toEqual(expect.not.arrayContaining([expect.stringMatching(/\.tmp$/)]));
  });

  test('a link stays a link, and a pipe a pipe', async () => {
    await using world = await commandsIn();
    await world.write('real.json', '{}');
    await symlink('real.json', world.at('link.json'));
    await promisify(execFile)('mkfifo', [world.at('pipe')]);
    const read = readFile(world.at('pipe'), 'utf8');
    const { exitCode } = await world.cloudsync('validate', '-o', 'json=link.json', '-o', 'json=pipe');
    expect(exitCode).toBe(0);
    const expected = { valid: true, files: 1, problems: [] };
    expect(JSON.parse(await readFile(world.at('real.json'), 'utf8'))).toEqual(expected);
    expect(JSON.parse(await read)).toEqual(expected);
    expect((await stat(world.at('pipe'))).isFIFO()).toBe(true);
  });

  test('are readable by whom they were, and new ones by whom new files are', async () => {
    await using world = await commandsIn();
    await world.write('private.json', '{}');
    await chmod(world.at('private.json'), 0o600);
    await world.write('usual.txt', '');
    await world.cloudsync('validate', '-o', 'json=private.json', '-o', 'json=new.json');
    const modeOf = async (name: string) => (await stat(world.at(name))).mode & 0o777;
    expect(await modeOf('private.json')).toBe(0o600);
    expect(await modeOf('new.json')).toBe(await modeOf('usual.txt'));
  });

  test('one that cannot be written is named, fails the command, and holds nothing else up', async () => {
    await using world = await commandsIn();
    await mkdir(world.at('folder'));
    const files = ['json=nowhere/a.json', 'json=folder', 'json=good.json'].flatMap((value) => ['-o', value]);
    const { exitCode, stdout, stderr } = await world.cloudsync('validate', ...files);
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: 'No problems in 1 file\n' });
    expect(stderr).toBe(
      [
        'cloudsync: nowhere/a.json could not be written: ENOENT: no such file or directory\n',
        'cloudsync: folder could not be written: EISDIR: illegal operation on a directory\n',
      ].join(''),
    );
    expect(JSON.parse(await readFile(world.at('good.json'), 'utf8'))).toMatchObject({ valid: true });
  });
});

describe('what a command does not take is refused before it does anything', () => {
  test.each([
    [['status', '-o', 'markdown'], '--output must be text or json, not markdown'],
    [['run', 'photos', '-o', 'json=a.json'], '--output must be text or json, not json=a.json'],
    [['apply', '-o', 'plan.json'], 'not plan.json; to write JSON to a file: json=plan.json'],
    [['validate', '-o', 'plan.json'], 'not plan.json; to write JSON to a file: json=plan.json'],
    [['plan', '-o', 'json', '-o', 'text'], '--output asks for json and text, and only one can be printed'],
  ])('%j', async (parameters, message) => {
    await using world = await commandsIn();
    await world.writeTask('photos');
    const before = await readdir(world.path);
    const { exitCode, stdout, stderr } = await world.cloudsync(...parameters);
    expect({ exitCode, stdout }).toEqual({ exitCode: 64, stdout: '' });
    expect(stderr).toContain(message);
    expect(await readdir(world.path)).toEqual(before);
  });
});
