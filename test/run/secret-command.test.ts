import { chmod } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { resolveOptions } from '../../src/run/secret.ts';
import { readCommand } from '../../src/run/secret-command.ts';
import { temporaryDirectory } from '../helper/temporary-directory.ts';

const { PATH } = process.env;

describe('readCommand', () => {
  test.each([
    ['secret\\n', 'secret'],
    ['secret\\r\\n', 'secret'],
    ['two\\nlines\\n\\n', 'two\nlines\n'],
    [' secret ', ' secret '],
  ])('of what it prints, %j, the last line break is not the secret', async (printed, secret) => {
    expect(await readCommand(['printf', printed], { PATH })).toEqual({ ok: true, value: secret });
  });

  test('its words reach it as they are: there is no shell', async () => {
    const words = ['printf', '%s|', '$HOME', '`id`', 'a b', '*', ';', 'ls'];
    expect(await readCommand(words, { PATH })).toEqual({ ok: true, value: '$HOME|`id`|a b|*|;|ls|' });
  });

  test('it has the whole environment, where password managers keep their access', async () => {
    expect(
      await readCommand(['sh', '-c', 'echo "$OP_TOKEN"'], { PATH, OP_TOKEN: 'let-me-in', NOT_SET: undefined }),
    ).toEqual({
      ...{ ok: true, value: 'let-me-in' },
    });
  });

  test.each([
    [['sh', '-c', 'echo hunter2; echo hunter3 >&2; exit 3'], 'the command sh ended with 3'],
    [['sh', '-c', 'echo hunter2; kill -KILL $$'], 'the command sh ended with SIGKILL'],
    [['sh', '-c', 'echo hunter3 >&2'], 'the command sh printed nothing'],
    [['no-such-command', 'hunter2'], 'the command no-such-command could not be started (ENOENT)'],
  ])('%j fails without a word of what it printed', async (command, error) => {
    expect(await readCommand(command, { PATH })).toEqual({ ok: false, error });
  });

  test('one that may not be executed says so', async () => {
    await using directory = await temporaryDirectory();
    const file = await directory.write('locked', '#!/bin/sh\n');
    await chmod(file, 0o600);
    expect(await readCommand([file], { PATH })).toMatchObject({
      ok: false,
      error: expect.stringContaining('(EACCES)'),
    });
  });

  test('one that gives no answer is stopped', async () => {
    expect(await readCommand(['sleep', '1000'], { PATH }, 50)).toEqual({
      ...{ ok: false, error: 'the command sleep gave no answer within 0.05 s' },
    });
  });

  test('a credential takes its secrets from commands', async () => {
    const options = { key: { fromCommand: ['printf', 'from-a-command'] }, other: { fromCommand: ['false'] } };
    const { other, ...good } = options;
    const source = { environment: { PATH }, processName: 'this test' };
    expect(await resolveOptions({ provider: 's3', options: good }, source)).toEqual({
      ...{ ok: true, value: { options: { key: 'from-a-command' }, secrets: ['from-a-command'] } },
    });
    expect(await resolveOptions({ provider: 's3', options: { other } }, source)).toEqual({
      ...{ ok: false, error: 'option other: the command false ended with 1' },
    });
  });
});
