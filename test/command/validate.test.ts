import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { commandsIn, exists } from './commands-in.ts';

describe('validate', () => {
  test('names each problem with its place, and fails', async () => {
    await using world = await commandsIn();
    await world.writeTask('photos', 'scheduel: daily');
    const text = await world.cloudsync('validate');
    expect(text.exitCode).toBe(1);
    expect(text.stdout).toMatch(/photos\.yaml:8:3/);
    const json = await world.cloudsync('validate', '-o', 'json');
    expect(JSON.parse(json.stdout)).toMatchObject({
      ...{ valid: false, files: 2, problems: [{ code: 'CS012', line: 8, file: world.at('tasks.d/photos.yaml') }] },
    });
    expect(await exists(world.at('state'))).toBe(false);
  });

  test('looks at named files and directories only', async () => {
    await using world = await commandsIn();
    await world.writeTask('photos', 'scheduel: daily');
    const good = await world.writeTask('music');
    expect(await world.cloudsync('validate', good)).toMatchObject({ exitCode: 0, stdout: 'No problems in 1 file\n' });
    expect(await world.cloudsync('validate', world.at('tasks.d'))).toMatchObject({ exitCode: 1 });
    const elsewhere = await world.write('elsewhere/a.yaml', await readFile(world.at('tasks.d/here.yaml'), 'utf8'));
    expect(await world.cloudsync('validate', elsewhere)).toMatchObject({ exitCode: 0 });
  });

  test('a file that is not there, or is no manifest, is not valid', async () => {
    await using world = await commandsIn();
    await world.write('tasks.d/notes.txt', 'hello');
    for (const name of ['nowhere.yaml', 'notes.txt']) {
      const { exitCode, stdout, stderr } = await world.cloudsync('validate', world.at('tasks.d', name));
      expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
      expect(stderr).toContain(`${name} is no manifest`);
    }
    expect((await world.cloudsync('validate', world.at('nowhere/a.yaml'))).exitCode).toBe(1);
  });
});
