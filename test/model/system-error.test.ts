import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { errorCode, internalError, systemWords } from '../../src/model/system-error.ts';

function failureOf(act: () => unknown): unknown {
  try {
    return act();
  } catch (error) {
    return error;
  }
}

test('a failed system call is told in the words of the system, without its path', () => {
  const error = failureOf(() => readFileSync('/nowhere/a-secret-name'));
  expect(systemWords(error)).toBe('ENOENT: no such file or directory');
  expect(errorCode(error)).toBe('ENOENT');
});

test('any other error is told in its own words, and has no code', () => {
  expect(systemWords(new Error('odd'))).toBe('odd');
  expect(systemWords('thrown as a text')).toBe('thrown as a text');
  expect(errorCode(new Error('odd'))).toBe('');
  expect(errorCode(Object.assign(new Error('odd'), { code: 5 }))).toBe('');
});

test('what is a bug is told as one, once', () => {
  expect(internalError(new Error('odd'))).toBe('Internal error: odd');
  expect(internalError('thrown as a text')).toBe('Internal error: thrown as a text');
  expect(internalError(new Error('Internal error: odd'))).toBe('Internal error: odd');
});
