import { describe, expect, test } from 'vitest';
import { messages, parse, taskText } from './manifest-builder.ts';

test('scripts are kept as they are written', () => {
  const { task, problems } = parse(
    taskText(['preScript: |', '  #!/usr/bin/env python3', '  print(1)', 'postScript: echo', 'finallyScript: ""']),
  );
  expect(problems).toEqual([]);
  expect(task?.spec).toMatchObject({
    preScript: '#!/usr/bin/env python3\nprint(1)\n',
    postScript: 'echo',
    finallyScript: '',
  });
});

test('a file with the line ends of Windows gives a script without them', () => {
  const { task } = parse(taskText(['preScript: |', '  a', '  b', 'enabled: true']).replaceAll('\n', '\r\n'));
  expect(task?.spec.preScript).toBe('a\nb\n');
});

describe('a script that would not run, or not as meant', () => {
  const late = 'names its interpreter by #! below its first line or after a blank, so bash runs it';

  test.each([
    [['preScript: "a\\r\\nb"'], ['CS016 spec.preScript has carriage returns, the line ends of Windows']],
    [['postScript: "a\\0b"'], ['CS016 spec.postScript holds a zero character']],
    [
      [`finallyScript: "${'ä'.repeat(16_385)}"`],
      ['CS015 spec.finallyScript must be at most 32 KiB long; found 32770 bytes'],
    ],
    [['preScript: |', '', '  #!/bin/sh', '  a'], [`CS037 (warning) spec.preScript ${late}`]],
    [['preScript: " #!/bin/sh"'], [`CS037 (warning) spec.preScript ${late}`]],
    [['preScript: |', '  # why', '  #! /bin/sh', '  a'], [`CS037 (warning) spec.preScript ${late}`]],
    [['preScript: |', '  cat > a <<END', '  #!/bin/sh', '  END'], []],
    [['preScript: |', '  # only', '  # comments'], []],
  ])('%j', (lines, expected) => {
    expect(messages(parse(taskText(lines)).problems)).toEqual(expected);
  });
});
