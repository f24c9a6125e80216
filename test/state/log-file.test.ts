import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { openLogFile } from '../../src/state/log-file.ts';
import { temporaryDirectory } from '../helper/temporary-directory.ts';

test('the mark counts the lines that are gone, and not the marks before it', async () => {
  await using directory = await temporaryDirectory();
  const path = directory.at('run.ndjson');
  const file = await openLogFile(path, 400);
  const line = Buffer.from(`${JSON.stringify({ text: 'x'.repeat(40) })}\n`);
  for (let count = 0; count < 100; count += 1) await file.append(line);
  await file.close();
  const [mark = '', ...rest] = (await readFile(path, 'utf8')).trimEnd().split('\n');
  expect(JSON.parse(mark)).toEqual({ type: 'Truncated', droppedBytes: (100 - rest.length) * line.length });
});
