import { describe, expect, test } from 'vitest';
import { parse, render, taskText } from './manifest-builder.ts';

/** What the user sees for the slips that YAML is known for. */
function shown(...lines: readonly string[]): string {
  return `\n${render(parse(taskText(lines)).problems)}`;
}

describe('YAML traps', () => {
  test('a preset of cron', () => {
    expect(shown('schedule: @daily')).toMatchInlineSnapshot(`
      "
      tasks.d/photos.yaml:9:13 CS008 a value that begins with @ must be quoted
        hint: write daily, or "@daily"
        8 |   remote: { credential: here, folder: photos }
      > 9 |   schedule: @daily
          |             ^
      "
    `);
  });

  test('a cron expression that begins with a star', () => {
    expect(shown('schedule: * * * * *')).toMatchInlineSnapshot(`
      "
      tasks.d/photos.yaml:9:13 CS008 a value that begins with * must be quoted
        hint: write "* * * * *"
        8 |   remote: { credential: here, folder: photos }
      > 9 |   schedule: * * * * *
          |             ^
      "
    `);
    expect(shown('schedule: */5 * * * *')).toMatchInlineSnapshot(`
      "
      tasks.d/photos.yaml:9:13 CS008 a value that begins with * must be quoted
        hint: write "*/5 * * * *"
        8 |   remote: { credential: here, folder: photos }
      > 9 |   schedule: */5 * * * *
          |             ^
      "
    `);
    expect(shown('schedule: * x')).toContain('write "* * * * *"');
  });

  test('a pattern that begins with a star', () => {
    expect(shown('exclude:', '  - *.tmp')).toMatchInlineSnapshot(`
      "
      tasks.d/photos.yaml:10:7 CS008 a value that begins with * must be quoted
        hint: put it in double quotes, as in "*.tmp"
         9 |   exclude:
      > 10 |     - *.tmp
           |       ^
      "
    `);
  });

  test('a value that ends in a colon', () => {
    expect(shown('description: gdrive:')).toMatchInlineSnapshot(`
      "
      tasks.d/photos.yaml:9:16 CS008 a value that ends in a colon, or holds a colon and a space, must be quoted
        hint: put the value in double quotes, as in "gdrive:"
        8 |   remote: { credential: here, folder: photos }
      > 9 |   description: gdrive:
          |                ^
      "
    `);
  });

  test('reserved characters', () => {
    expect(shown('description: `x`')).toContain('a value that begins with ` must be quoted');
    expect(shown('description: %x')).toContain('a value that begins with % must be quoted');
    expect(shown('description: @x')).toContain('a value that begins with @ must be quoted');
  });

  test('tabs', () => {
    expect(shown('exclude:', '\t- a')).toMatchInlineSnapshot(`
      "
      tasks.d/photos.yaml:10:3 CS004 the line is indented with a tab
        hint: YAML is indented with spaces; write two for each level
         9 |   exclude:
      > 10 |   	- a
           |   ^
      "
    `);
    expect(parse('a:\n\tb: 1\n').problems).toMatchObject([{ code: 'CS004', line: 2 }]);
  });

  test('booleans of YAML 1.1', () => {
    expect(shown('enabled: yes')).toMatchInlineSnapshot(`
      "
      tasks.d/photos.yaml:9:12 CS013 spec.enabled must be true or false; found "yes"
        hint: write true, in small letters and without quotes
        8 |   remote: { credential: here, folder: photos }
      > 9 |   enabled: yes
          |            ^
      "
    `);
    expect(shown('fastList: NO')).toContain('write false, in small letters and without quotes');
  });

  test('a comment where a value was meant', () => {
    expect(shown('exclude:', '  - #recycle')).toMatchInlineSnapshot(`
      "
      tasks.d/photos.yaml:10:7 CS013 spec.exclude[0] must be text; found nothing
        hint: write a value; text that begins with # must be in double quotes, or it is a comment
         9 |   exclude:
      > 10 |     - #recycle
           |       ^
      "
    `);
  });

  test('keys that are written twice', () => {
    expect(shown('enabled: true', 'enabled: false')).toMatchInlineSnapshot(`
      "
      tasks.d/photos.yaml:10:3 CS006 the key is written twice, first in line 9
        hint: keep one of the two
         9 |   enabled: true
      > 10 |   enabled: false
           |   ^
      "
    `);
  });
});

test.each([
  ['description: "a\\qb"', 'a backslash in double quotes begins an escape, and this one does not exist'],
  ['description: "open', 'a character is missing'],
  ['exclude: [a, b', 'a bracket is not closed'],
  ['description: "a" b', 'this does not belong here'],
  ['description: |x', 'this does not belong here'],
  ['description: - a', 'this does not belong here'],
])('%s', (line, message) => {
  expect(shown(line)).toContain(message);
});

test('an error that has no words of its own still has a place', () => {
  expect(parse('a: &x\n&y b: 1\n').problems[0]).toMatchObject({ severity: 'error', line: expect.any(Number) });
});

test('one message a line: what follows the first is its echo', () => {
  expect(parse(taskText(['schedule: * * * * *', 'description: @x'])).problems).toHaveLength(2);
});
