import { describe, expect, test, vi } from 'vitest';
import { commands } from '../../src/command/registry.ts';
import { version } from '../../src/command/version.ts';
import { tasksDirectory } from '../daemon/tasks-directory.ts';
import { cloudsync } from './capturing-shell.ts';

describe('usage', () => {
  test('no command shows the help, as an error', async () => {
    const { exitCode, stdout, stderr } = await cloudsync();
    expect(exitCode).toBe(64);
    expect(stdout).toBe('');
    expect(stderr).toContain('Usage: cloudsync');
  });

  test('--help names every command and every exit code', async () => {
    const { exitCode, stdout, stderr } = await cloudsync('--help');
    expect(exitCode).toBe(0);
    expect(stderr).toBe('');
    for (const { name } of commands) expect(stdout).toContain(`  ${name} `);
    for (const code of [0, 1, 2, 3, 5, 64, 75, 124]) expect(stdout).toMatch(new RegExp(`\\b${code} {2}\\w`));
    expect(stdout).toContain('130/143');
  });

  test.each(commands.map(({ name }) => name))('%s --help says how it is used', async (name) => {
    const { exitCode, stdout } = await cloudsync(name, '--help');
    expect(exitCode).toBe(0);
    expect(stdout).toContain(`Usage: cloudsync ${name}`);
  });

  test('--version', async () => {
    expect(await cloudsync('--version')).toEqual({ exitCode: 0, stdout: `${version()}\n`, stderr: '' });
  });

  test('an unknown command is answered with the one that was meant', async () => {
    const { exitCode, stdout, stderr } = await cloudsync('stauts');
    expect(exitCode).toBe(64);
    expect(stdout).toBe('');
    expect(stderr).toContain("unknown command 'stauts'");
    expect(stderr).toContain('Did you mean status?');
  });

  test.each([
    [['run'], "missing required argument 'name'"],
    [['plan', '--verbos'], 'Did you mean --verbose?'],
    [['plan', '-o', 'xml'], '--output must be text, json, markdown, github, sarif, junit, FORMAT=FILE or'],
    [['plan', '--max-concurrent-runs', 'many'], '--max-concurrent-runs must be a whole number from 1, not many'],
    [['next', '--count', '0'], '--count must be a whole number from 1 to 10000'],
    [['daemon', '--grace', 'soon'], '--grace must be a number of seconds, not soon'],
    [['approve-prune', 'everything'], 'expected the hash that the plan names, not everything'],
    [['schema', 'planet'], 'there is no schema planet; expected one of task, credential, status, plan'],
  ])('%j is wrong usage', async (parameters, message) => {
    const { exitCode, stdout, stderr } = await cloudsync(...parameters);
    expect({ exitCode, stdout }).toEqual({ exitCode: 64, stdout: '' });
    expect(stderr).toContain(message);
  });
});

describe('global options', () => {
  test('may stand before and after the command', async () => {
    await using directory = await tasksDirectory();
    const { tasksName } = directory.settings;
    const before = await cloudsync('--tasks', tasksName, '-o', 'json', 'validate');
    const after = await cloudsync('validate', `--tasks=${tasksName}`, '--output', 'json');
    expect(before).toEqual(after);
    expect(JSON.parse(after.stdout)).toEqual({ valid: true, files: 1, problems: [] });
  });

  test('have twins in the environment, which options override', async () => {
    await using directory = await tasksDirectory();
    vi.stubEnv('CLOUDSYNC_TASKS', directory.settings.tasksName);
    vi.stubEnv('CLOUDSYNC_OUTPUT', 'json');
    expect(JSON.parse((await cloudsync('validate')).stdout)).toMatchObject({ files: 1 });
    expect((await cloudsync('validate', '-o', 'text')).stdout).toBe('No problems in 1 file\n');
    vi.stubEnv('CLOUDSYNC_TASKS', directory.at('nowhere'));
    expect((await cloudsync('validate')).exitCode).toBe(1);
    vi.stubEnv('CLOUDSYNC_OUTPUT', 'yaml');
    expect((await cloudsync('validate')).stderr).toContain('CLOUDSYNC_OUTPUT must be text, json');
  });

  test('--path-root may be given again, and its twin lists several', async () => {
    await using directory = await tasksDirectory();
    await directory.writeTask('photos');
    const validate = ['validate', '--tasks', directory.settings.tasksName] as const;
    expect((await cloudsync(...validate, '--path-root', '/srv')).exitCode).toBe(1);
    expect((await cloudsync(...validate, '--path-root', '/srv', '--path-root', directory.path)).exitCode).toBe(0);
    vi.stubEnv('CLOUDSYNC_PATH_ROOT', `/srv:${directory.path}`);
    expect((await cloudsync(...validate)).exitCode).toBe(0);
  });
});
