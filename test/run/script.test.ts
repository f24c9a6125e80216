import { readdir, stat } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { interpreterOf, runScript, type ScriptOrder } from '../../src/run/script.ts';
import { eventually } from '../helper/eventually.ts';
import { fakeClock } from '../helper/fake-clock.ts';
import { isAlive } from '../helper/process-tree.ts';
import { type TemporaryDirectory, temporaryDirectory } from '../helper/temporary-directory.ts';

const { PATH = '' } = process.env;

/** Runs a script with an environment that holds nothing but the path, and keeps what it says. */
async function run(directory: TemporaryDirectory, text: string, part: Partial<ScriptOrder> = {}) {
  const lines: string[] = [];
  const clock = fakeClock();
  const end = await runScript({
    ...{ kind: 'pre-script', text, directory: directory.at('scripts'), environment: { PATH }, clock },
    ...{ timeoutMs: 60_000, signal: new AbortController().signal, onLine: (line) => lines.push(line) },
    ...part,
  });
  return { end, lines, clock };
}

/** Starts a child that never ends, says its id, and waits for it. */
const withChild = 'sleep 1000 &\necho $!\nwait\n';

async function gone(pids: readonly number[]): Promise<void> {
  expect(pids).toHaveLength(1);
  await eventually('the child is gone', () => (pids.some(isAlive) ? null : true));
}

describe('runScript', () => {
  test('bash reads it, and what it says is told line by line', async () => {
    await using directory = await temporaryDirectory();
    const { end, lines, clock } = await run(directory, '[[ -n $BASH_VERSION ]] && echo "it is bash"\necho two >&2\n');
    expect(end).toEqual({ kind: 'succeeded' });
    expect([...lines].sort()).toEqual(['it is bash', 'two']);
    expect(clock.timers).toBe(0);
  });

  test.each([
    ['#!/usr/bin/env python3\nimport sys; print(sys.version_info.major)', ['3']],
    ['#!/usr/bin/env -S bash -e\nfalse\necho not here', []],
    ['#!/bin/sh\necho "$0" | grep -c pre-script', ['1']],
    ['\n\n#!/usr/bin/env python3\nprint("after blank lines")', ['after blank lines']],
  ])('its first line names who reads it: %j', async (text, said) => {
    await using directory = await temporaryDirectory();
    const { lines } = await run(directory, text);
    expect(lines).toEqual(said);
  });

  test.each([
    ['echo one\necho "not mounted" >&2\nexit 3\n', 'failed with exit code 3: not mounted'],
    ['exit 3\n', 'failed with exit code 3'],
    ['printf "red \\033[31m\\n\\n"\nexit 1\n', 'failed with exit code 1: red  [31m'],
    [
      "bash -c 'kill -9 $$'\nexit $?\n",
      'failed with exit code 137, a command was ended by SIGKILL, as the system does when memory runs out',
    ],
    ['exit 143\n', 'failed with exit code 143, a command was ended by SIGTERM'],
    [`echo ${'x'.repeat(500)}\nexit 1\n`, `failed with exit code 1: ${'x'.repeat(200)}…`],
  ])('a failure tells the last line of output and the signal: %j', async (text, message) => {
    await using directory = await temporaryDirectory();
    const { end } = await run(directory, text);
    expect(end).toMatchObject({ kind: 'failed', message: expect.stringContaining(`the pre-script ${message}`) });
  });

  test('it needs no permission to be executed, is for this user alone, and is gone at the end', async () => {
    await using directory = await temporaryDirectory();
    const { end, lines } = await run(directory, 'stat --format=%a "$0"\nstat --format=%a "$(dirname "$0")"');
    expect(end).toEqual({ kind: 'succeeded' });
    expect(lines).toEqual(['600', '700']);
    expect(await readdir(directory.at('scripts'))).toEqual([]);
  });

  test('scripts that begin in the same moment keep out of each others way', async () => {
    await using directory = await temporaryDirectory();
    const texts = Array.from({ length: 8 }, (_, index) => `echo ${index}`);
    const ends = await Promise.all(texts.map((text) => run(directory, text)));
    expect(ends.map(({ lines }) => lines)).toEqual(texts.map((_text, index) => [String(index)]));
  });

  test.each([
    ['exit 75', { kind: 'skip' }],
    ['exit 3', { kind: 'failed', message: 'the pre-script failed with exit code 3' }],
    ['kill -KILL $$', { kind: 'failed', message: 'the pre-script was ended by SIGKILL' }],
    [
      '#!/no/such/interpreter',
      expect.objectContaining({ message: expect.stringContaining('/no/such/interpreter (ENOENT)') }),
    ],
  ])('%s', async (text, expected) => {
    await using directory = await temporaryDirectory();
    expect((await run(directory, text)).end).toEqual(expected);
  });

  test('where it cannot be written, it fails in words', async () => {
    await using directory = await temporaryDirectory();
    await directory.write('scripts', 'a file in its place');
    expect((await run(directory, 'true')).end).toMatchObject({
      kind: 'failed',
      message: expect.stringMatching(/^the pre-script could not be written in \S+: E/),
    });
  });

  test('one that takes too long is stopped, and so is what it started', async () => {
    await using directory = await temporaryDirectory();
    const clock = fakeClock();
    const pids: number[] = [];
    const { end } = await run(directory, withChild, {
      ...{ clock, timeoutMs: 90_000 },
      onLine(line) {
        pids.push(Number(line));
        clock.advance(90_000);
      },
    });
    expect(end).toEqual({ kind: 'timedOut', message: 'the pre-script took longer than 90 s and was stopped' });
    await gone(pids);
  });

  test('a stop reaches what it started', async () => {
    await using directory = await temporaryDirectory();
    const controller = new AbortController();
    const pids: number[] = [];
    const { end, clock } = await run(directory, withChild, {
      signal: controller.signal,
      onLine(line) {
        pids.push(Number(line));
        controller.abort('Aborted');
      },
    });
    expect(end).toEqual({ kind: 'aborted' });
    await gone(pids);
    expect(clock.timers).toBe(0);
    expect(await readdir(directory.at('scripts'))).toEqual([]);
  });

  test('a stop leaves nothing behind, not even what does not listen to it', async () => {
    await using directory = await temporaryDirectory();
    const controller = new AbortController();
    const pids: number[] = [];
    const deaf = '(trap "" TERM; echo $BASHPID; exec sleep 1000 >/dev/null 2>&1) & wait';
    const { end } = await run(directory, deaf, {
      signal: controller.signal,
      onLine(line) {
        pids.push(Number(line));
        controller.abort('Aborted');
      },
    });
    expect(end).toEqual({ kind: 'aborted' });
    await gone(pids);
  });

  test('it ends with its own process, and what it left in the background lives on', async () => {
    await using directory = await temporaryDirectory();
    const [go, lived] = [directory.at('go'), directory.at('lived')];
    const text = `mkfifo ${go}\n(read -r _ <${go}; echo late; echo late >&2; touch ${lived}) &\necho last\nexit 3`;
    const { end, lines } = await run(directory, text);
    expect(end).toEqual({ kind: 'failed', message: 'the pre-script failed with exit code 3: last' });
    await directory.write('go', 'now\n');
    await eventually('the process in the background went on', () => stat(lived).catch(() => null));
    expect(lines).toEqual(['last']);
  });

  test('all that it wrote is read, whatever it left in the background', async () => {
    await using directory = await temporaryDirectory();
    const { lines } = await run(directory, 'sleep 1000 &\necho $!\nseq 1 200000');
    const [pid, ...numbers] = lines;
    process.kill(Number(pid));
    expect(numbers).toHaveLength(200_000);
    expect(numbers.at(-1)).toBe('200000');
  });

  test('a flood from what it left in the background does not hold it', async () => {
    await using directory = await temporaryDirectory();
    const { end, lines } = await run(directory, 'yes &\necho $$');
    const group = Number(lines.find((line) => line !== 'y'));
    process.kill(-group, 'SIGKILL');
    expect(end).toEqual({ kind: 'succeeded' });
  });

  test('a stop does not wait for a process that left its group', async () => {
    await using directory = await temporaryDirectory();
    const controller = new AbortController();
    const pids: number[] = [];
    const { end } = await run(directory, "setsid sh -c 'echo $$; exec sleep 1000' &\nsleep 1000", {
      signal: controller.signal,
      onLine(line) {
        pids.push(Number(line));
        controller.abort('Aborted');
      },
    });
    expect(end).toEqual({ kind: 'aborted' });
    for (const pid of pids) process.kill(pid);
    await gone(pids);
  });

  test('after a stop nothing is started', async () => {
    await using directory = await temporaryDirectory();
    const controller = new AbortController();
    controller.abort('Aborted');
    const { end } = await run(directory, `echo begun > ${directory.at('begun')}`, { signal: controller.signal });
    expect(end).toEqual({ kind: 'aborted' });
    await expect(stat(directory.at('begun'))).rejects.toThrow('ENOENT');
    await expect(stat(directory.at('scripts'))).rejects.toThrow('ENOENT');
  });

  test('it gets exactly the environment that it is given', async () => {
    await using directory = await temporaryDirectory();
    const environment = { PATH, CLOUD_SYNC_ID: 'photos' };
    const { lines } = await run(directory, "tr '\\0' '\\n' </proc/$$/environ", { environment });
    expect([...lines].sort()).toEqual(['CLOUD_SYNC_ID=photos', `PATH=${PATH}`]);
  });
});

describe('interpreterOf', () => {
  test.each([
    ['echo', ['bash']],
    ['#!/bin/sh', ['/bin/sh']],
    ['#! /usr/bin/env bash', ['/usr/bin/env', 'bash']],
    ['#!/usr/bin/env -S bash -e \r\nx', ['/usr/bin/env', '-S bash -e']],
    ['#!', ['bash']],
    ['echo\n#!/bin/sh', ['bash']],
  ])('%j', (text, words) => {
    expect(interpreterOf(text)).toEqual(words);
  });
});
