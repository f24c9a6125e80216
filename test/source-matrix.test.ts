import { readdir, readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';

test('docs/source.md names every end-to-end test of the tasks directory, and no others', async () => {
  const table = (await readFile('docs/source.md', 'utf8')).match(/^\|.*\|$/gm)?.slice(2) ?? [];
  const named = table.map((row) => row.split('|').at(-2)?.trim());

  const files = (await readdir('test/e2e/source')).filter((file) => file.endsWith('.test.ts'));
  const texts = await Promise.all(files.map((file) => readFile(`test/e2e/source/${file}`, 'utf8')));
  const titles = texts.flatMap((text) => [...text.matchAll(/\(\s*'([^'\n]+)',\s*async \(/g)].map(([, title]) => title));

  expect(named.toSorted()).toEqual(titles.toSorted());
});
