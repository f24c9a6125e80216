import { mkdir, writeFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { rcloneName } from '../../src/rclone/local-name.ts';
import { temporaryDirectory } from '../helper/temporary-directory.ts';
import { rclones } from '../run/real-run.ts';
import { run } from './real-rclone.ts';

const plain = ['a b', '#x', 'quote\'"\\', 'col:on*?<>|', 'trail ', 'e.', 'caf\u00e9', 'the\u0301', '\u0085', '-dash'];
const written = ['line\nbreak', 'tab\t', '\u007f\u0001'];
const odd = ['\u201bx', '\u240apic', 'full\uff0fslash', '\ufffd', '\uff0e\uff0e'];

describe.each(rclones)('the name of a local file, by %s', (binary) => {
  test('is as rclone calls it in its log, or nothing is said of it', async () => {
    await using directory = await temporaryDirectory();
    await mkdir(directory.at('from'));
    const broken = Buffer.from('bad\xff', 'latin1');
    const names = [...plain, ...written, ...odd].map((name) => Buffer.from(name));
    for (const name of [...names, broken]) {
      await writeFile(Buffer.concat([Buffer.from(`${directory.at('from')}/`), name]), 'x');
    }
    const parameters = [
      'copy',
      '-v',
      '--use-json-log',
      '--retries',
      '1',
      '--',
      directory.at('from'),
      directory.at('to'),
    ];
    const { lines } = await run(binary, parameters);
    const said = lines.flatMap((line) => (line.kind === 'change' ? [line.change.path] : []));
    for (const name of [...plain, ...written]) expect(said).toContain(rcloneName(Buffer.from(name)));
    for (const name of [...odd.map((each) => Buffer.from(each)), broken]) expect(rcloneName(name)).toBeNull();
  });
});

test('no two files have one name', () => {
  expect(rcloneName(Buffer.from('a\nb'))).toBe('a\u240ab');
  expect(rcloneName(Buffer.from('a\u240ab'))).toBeNull();
});
