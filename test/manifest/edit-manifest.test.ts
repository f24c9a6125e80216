import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { setEnabled } from '../../src/manifest/edit-manifest.ts';
import { readYaml } from '../../src/manifest/yaml-document.ts';
import { parse, taskText } from './manifest-builder.ts';

function edit(text: string, enabled: boolean): string {
  const edited = setEnabled(text, enabled);
  if (edited.kind !== 'edited') throw new Error(`${edited.kind}: ${text}`);
  return edited.text;
}

const head = 'apiVersion: cloudsync/v1\nkind: CloudSyncTask\nmetadata: { name: photos }\n';
const rest = 'path: /data\n  remote: { credential: here, folder: photos }\n';

/** Each text, and what suspending makes of it. */
const golden: readonly (readonly [string, string, string])[] = [
  [
    'a value is replaced, and nothing around it',
    `${head}spec:\n  direction: PUSH\n  enabled:   true   # since May\n  ${rest}`,
    `${head}spec:\n  direction: PUSH\n  enabled:   false   # since May\n  ${rest}`,
  ],
  [
    'a line is added below spec, above the comment of what comes next',
    `${head}spec: # what it does\n\n  # to the cloud\n  direction: PUSH # not PULL\n  ${rest}\n# the end`,
    `${head}spec: # what it does\n  enabled: false\n\n  # to the cloud\n  direction: PUSH # not PULL\n  ${rest}\n# the end`,
  ],
  [
    'carriage returns and a byte order mark stay',
    `\ufeff${head}spec:\n  direction: PUSH\n  ${rest}`.replaceAll('\n', '\r\n'),
    `\ufeff${head}spec:\n  enabled: false\n  direction: PUSH\n  ${rest}`.replaceAll('\n', '\r\n'),
  ],
  [
    'four spaces stay four',
    `${head}spec:\n    direction: PUSH\n    ${rest.replace('  r', '    r')}`,
    `${head}spec:\n    enabled: false\n    direction: PUSH\n    ${rest.replace('  r', '    r')}`,
  ],
  [
    'a flow map stays one',
    `${head}spec: {direction: PUSH,   path: /data, remote: {credential: here}}`,
    `${head}spec: {enabled: false, direction: PUSH,   path: /data, remote: {credential: here}}`,
  ],
  [
    'a flow map over several lines stays one',
    `${head}spec: { # all of it\n  direction: PUSH, path: /data,\n  remote: { credential: here },\n}\n`,
    `${head}spec: { # all of it\n  enabled: false, direction: PUSH, path: /data,\n  remote: { credential: here },\n}\n`,
  ],
  [
    'JSON stays JSON',
    '{"apiVersion":"cloudsync/v1","kind":"CloudSyncTask","metadata":{"name":"photos"},"spec":{"direction":"PUSH","path":"/data","remote":{"credential":"here"}}}',
    '{"apiVersion":"cloudsync/v1","kind":"CloudSyncTask","metadata":{"name":"photos"},"spec":{"enabled": false, "direction":"PUSH","path":"/data","remote":{"credential":"here"}}}',
  ],
  [
    'scripts, long texts and quotes are not touched, whatever they say',
    `---\n'kind': "CloudSyncTask"\napiVersion: cloudsync/v1\nspec:\n  'direction': "PUSH"\n  preScript: |2-\n     enabled: true\n    spec:\n\n  description: ${'spec: enabled '.repeat(20).replaceAll(':', '-')}\n  ${rest}metadata:\n    name:   'photos'`,
    `---\n'kind': "CloudSyncTask"\napiVersion: cloudsync/v1\nspec:\n  enabled: false\n  'direction': "PUSH"\n  preScript: |2-\n     enabled: true\n    spec:\n\n  description: ${'spec: enabled '.repeat(20).replaceAll(':', '-')}\n  ${rest}metadata:\n    name:   'photos'`,
  ],
  [
    'a value at the end of a text without a last line break',
    `${head}spec:\n  direction: PUSH\n  ${rest}  enabled:\n    !!bool TRUE`,
    `${head}spec:\n  direction: PUSH\n  ${rest}  enabled:\n    !!bool false`,
  ],
  [
    'explicit keys',
    `${head}? spec\n:\n  direction: PUSH\n  ${rest}  ? enabled\n  : true\n`,
    `${head}? spec\n:\n  direction: PUSH\n  ${rest}  ? enabled\n  : false\n`,
  ],
];

describe('suspending', () => {
  test.each(golden)('%s', (_title, before, after) => {
    expect(parse(before).problems).toEqual([]);
    expect(edit(before, false)).toBe(after);
    expect(parse(after).task?.spec.enabled).toBe(false);
  });

  test('tells the line', () => {
    expect(setEnabled(taskText(['enabled: true']), false)).toMatchObject({ kind: 'edited', line: 9 });
    expect(setEnabled(taskText(), false)).toMatchObject({ kind: 'edited', line: 6 });
  });

  test.each([
    `${head}spec:\n  ? direction\n  : PUSH\n  ${rest}`,
    `${head}? spec\n: direction: PUSH\n  ${rest}`,
    `${head}spec:\n  !!map\n  direction: PUSH\n  ${rest}`,
    `${head}spec:\n  direction: PUSH\n  enabled: !!bool 'true'\n  ${rest}`,
    `${head}spec:\n  direction: PUSH\n  enabled: !!bool |-\n    true\n  ${rest}`,
  ])('a text that would come to mean something else is left alone: %j', (text) => {
    expect(parse(text).problems).toEqual([]);
    expect(setEnabled(text, false)).toEqual({ kind: 'refused' });
  });
});

test('what is as wanted already is not changed', () => {
  expect(setEnabled(taskText(), true)).toEqual({ kind: 'unchanged' });
  expect(setEnabled(taskText(['enabled: true']), true)).toEqual({ kind: 'unchanged' });
  expect(setEnabled(taskText(['enabled: false']), false)).toEqual({ kind: 'unchanged' });
});

test('resuming takes back what suspending did', () => {
  for (const [, before, after] of golden) {
    const resumed = edit(after, true);
    expect(parse(resumed).task).toEqual(parse(before).task);
    expect(edit(resumed, false)).toBe(after);
  }
});

test('whatever the formatting, one line differs, and one field', () => {
  const noise = fc.constantFrom('', '# spec:', '  # enabled: true', '   ', '\t', '# "{');
  const line = fc.constantFrom(
    ...[
      'enabled: true',
      'enabled:  True # on',
      '"enabled": true',
      'timeout: 6h',
      'exclude: ["*.tmp", "enabled: true"]',
    ],
    ...['schedule: { cron: "0 2 * * *" }', 'preScript: |\n%enabled: true\n\n%spec:', 'description: >-\n%a\n\n%  b'],
  );
  const indents = fc.constantFrom('  ', '    ', ' ');
  const layout = fc.record({
    ...{ indent: indents, noise: fc.array(noise, { maxLength: 3 }), lineBreak: fc.constantFrom('\n', '\r\n') },
    ...{ lines: fc.uniqueArray(line, { maxLength: 6, selector: keyIn }) },
    ...{ comment: fc.constantFrom('', ' # what it does'), cut: fc.boolean() },
  });
  fc.assert(
    fc.property(layout, ({ indent, noise: between, lineBreak, lines, comment, cut }) => {
      const spec = ['direction: PUSH', 'path: /data', 'remote: { credential: here }', ...lines]
        .map((each) => `${indent}${each.replaceAll('%', `${indent}${indent}`)}`)
        .join(`\n${between.join('\n')}\n`);
      const whole = `${head}spec:${comment}\n${between.join('\n')}\n${spec}\n`.replaceAll('\n', lineBreak);
      const text = cut ? whole.trimEnd() : whole;
      fc.pre(readYaml(text).findings.length === 0 && parse(text).task !== null);
      const edited = edit(text, false);
      const before = text.split('\n');
      const after = edited.split('\n');
      const added = after.length - before.length;
      expect([0, 1]).toContain(added);
      const at = after.findIndex((each, index) => each !== before[index]);
      expect(after.slice(0, at)).toEqual(before.slice(0, at));
      expect(after.slice(at + 1)).toEqual(before.slice(at + 1 - added));
      const { task } = parse(text);
      expect(parse(edited).task).toEqual({ ...task, spec: { ...task?.spec, enabled: false } });
      expect(parse(edit(edited, true)).task).toEqual(task);
    }),
  );
});

function keyIn(line: string): string {
  return line.replace(/^"?(\w+).*/s, '$1');
}
