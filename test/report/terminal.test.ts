import { describe, expect, test } from 'vitest';
import { createTerminal } from '../../src/report/terminal.ts';

/** A stream that keeps what is written to it. */
function stream(part: { readonly isTTY?: boolean; readonly columns?: number } = {}) {
  const listeners: ((error: Error) => void)[] = [];
  let text = '';
  return {
    ...part,
    write(more: string) {
      text += more;
    },
    on(_event: 'error', listener: (error: Error) => void) {
      listeners.push(listener);
    },
    fail(error: Error) {
      for (const listener of listeners) listener(error);
    },
    text: () => text,
  };
}

const clear = '\r\u001b[K';

describe('streams', () => {
  test('data goes to one, and the rest to the other, in whole lines', () => {
    const [stdout, stderr] = [stream(), stream()];
    const terminal = createTerminal({ stdout, stderr, environment: {} });
    terminal.print('data');
    terminal.print('more\n');
    terminal.note('a word');
    expect(stdout.text()).toBe('data\nmore\n');
    expect(stderr.text()).toBe('a word\n');
  });

  test('the real ones fit', () => {
    const { stdout, stderr, env } = process;
    expect(createTerminal({ stdout, stderr, environment: env }).color).toEqual({
      stdout: expect.any(Boolean),
      stderr: expect.any(Boolean),
    });
  });

  test('a reader that goes away ends the output quietly', () => {
    const [stdout, stderr] = [stream(), stream()];
    const terminal = createTerminal({ stdout, stderr, environment: {} });
    stdout.fail(Object.assign(new Error('write EPIPE'), { code: 'EPIPE' }));
    terminal.print('data');
    expect(stdout.text()).toBe('');
  });

  test('a disk that is full is told once, and the data counts as lost', () => {
    const [stdout, stderr] = [stream(), stream()];
    const terminal = createTerminal({ stdout, stderr, environment: {} });
    expect(terminal.outputFailed).toBe(false);
    for (const _ of ['first', 'second']) stdout.fail(Object.assign(new Error('ENOSPC: disk full'), { code: 'ENOSPC' }));
    expect(terminal.outputFailed).toBe(true);
    expect(stderr.text()).toMatch(/^cloudsync: the output could not be written: .*\n$/);
  });

  test('a disk that is full under the log ends nothing, and is written to again', () => {
    const [stdout, stderr] = [stream(), stream()];
    const terminal = createTerminal({ stdout, stderr, environment: {} });
    stderr.fail(Object.assign(new Error('ENOSPC: disk full'), { code: 'ENOSPC' }));
    terminal.note('there is room again');
    expect(stderr.text()).toBe('there is room again\n');
    expect(terminal.outputFailed).toBe(false);
  });
});

describe('colour', () => {
  const cases: readonly (readonly [string, Readonly<Record<string, string>>, boolean, boolean])[] = [
    ['a terminal has it', {}, true, true],
    ['a pipe has not', {}, false, false],
    ['NO_COLOR takes it away', { NO_COLOR: '1' }, true, false],
    ['an empty NO_COLOR does not', { NO_COLOR: '' }, true, true],
    ['FORCE_COLOR gives it', { FORCE_COLOR: '1' }, false, true],
    ['FORCE_COLOR=0 takes it away', { FORCE_COLOR: '0' }, true, false],
    ['NO_COLOR is the stronger', { FORCE_COLOR: '1', NO_COLOR: '1' }, true, false],
    ['a dumb terminal has not', { TERM: 'dumb' }, true, false],
    ['a CI log has not', { CI: 'true' }, true, false],
    ['unless it is asked for', { CI: 'true', FORCE_COLOR: '1' }, true, true],
  ];

  test.each(cases)('%s', (_title, environment, isTTY, expected) => {
    const terminal = createTerminal({ stdout: stream({ isTTY }), stderr: stream(), environment });
    expect(terminal.color.stdout).toBe(expected);
  });
});

test('the width is that of a terminal, and asked anew', () => {
  const stdout = { ...stream({ isTTY: true }), columns: 100 };
  const terminal = createTerminal({ stdout, stderr: stream(), environment: {} });
  expect(terminal.width).toBe(100);
  stdout.columns = 60;
  expect(terminal.width).toBe(60);
  expect(createTerminal({ stdout: stream(), stderr: stream(), environment: {} }).width).toBeNull();
  expect(createTerminal({ stdout: stream({ isTTY: true }), stderr: stream(), environment: {} }).width).toBe(80);
});

describe('progress', () => {
  test('is one line that gives way to what is printed, and comes back', () => {
    const stderr = stream({ isTTY: true, columns: 20 });
    const terminal = createTerminal({ stdout: stream(), stderr, environment: {} });
    terminal.progress('10 %');
    terminal.progress('10 %');
    terminal.note('a word');
    terminal.progress('a line that is longer than the terminal is wide');
    terminal.progress(null);
    terminal.note('the end');
    expect(stderr.text()).toBe(
      [`${clear}10 %`, `${clear}a word\n10 %`, `${clear}a line that is long`, clear, 'the end\n'].join(''),
    );
  });

  test.each([
    ['a pipe', false, {}],
    ['a dumb terminal', true, { TERM: 'dumb' }],
    ['a CI log', true, { CI: '1' }],
  ])('is not shown on %s', (_title, isTTY, environment) => {
    const stderr = stream({ isTTY });
    createTerminal({ stdout: stream(), stderr, environment }).progress('10 %');
    expect(stderr.text()).toBe('');
  });

  test('fits a terminal that does not tell its width', () => {
    const stderr = stream({ isTTY: true });
    createTerminal({ stdout: stream(), stderr, environment: {} }).progress('x'.repeat(200));
    expect(stderr.text()).toBe(clear + 'x'.repeat(79));
  });
});
