import { cp, mkdir, readdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { type Cloudsync, openCloudsync } from '../helper/cloudsync.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));

async function openWithSamples(): Promise<Cloudsync> {
  const cloudsync = await openCloudsync();
  await cp(`${root}tasks.d`, cloudsync.tasks, {
    recursive: true,
    filter: (path) => !path.endsWith('.status.json'),
  });
  // As script/start makes them.
  await mkdir(cloudsync.directory.at('var/cloud'), { recursive: true });
  await mkdir(cloudsync.directory.at('var/restored'));
  return cloudsync;
}

describe.concurrent('tasks.d', () => {
  test('is valid, without a warning', async () => {
    await using cloudsync = await openWithSamples();

    expect((await cloudsync.json('validate')).document).toMatchObject({ valid: true, problems: [] });
  });

  test('runs, and brings back what it took away', async () => {
    await using cloudsync = await openWithSamples();
    const outcomes: unknown[] = [];

    for (const name of ['documents', 'photos', 'restore-documents']) {
      const { document } = await cloudsync.json<{ readonly outcome: string }>('run', name);
      outcomes.push([name, document.outcome]);
    }

    expect(outcomes).toEqual([
      ['documents', 'Succeeded'],
      ['photos', 'Succeeded'],
      ['restore-documents', 'Succeeded'],
    ]);
    expect(await readdir(cloudsync.directory.at('var/restored/documents'))).toEqual([
      'letter.txt',
      'shopping-list.txt',
    ]);
  });
});

test.concurrent('every whole manifest in the documents is valid', async () => {
  await using cloudsync = await openCloudsync();
  const manifests = (await Promise.all(['README.md', 'ARCHITECTURE.md', 'docs/manifest.md'].map(manifestsIn))).flat();
  expect(manifests).not.toEqual([]);
  for (const [index, text] of manifests.entries()) await cloudsync.manifest(`${index}.yaml`, text);

  const { document } = await cloudsync.json<{ readonly problems: readonly { readonly code: string }[] }>('validate');

  // Each page has its own examples, which need not fit those of another.
  const acrossFiles = ['CS030', 'CS031', 'CS034'];
  expect(document.problems.filter(({ code }) => !acrossFiles.includes(code))).toEqual([]);
});

async function manifestsIn(page: string): Promise<readonly string[]> {
  const text = await readFile(`${root}${page}`, 'utf8').catch(() => '');
  const blocks = [...text.matchAll(/^```ya?ml\n(.*?)^```/gms)].map(([, block = '']) => block);
  return blocks.filter((block) => /^apiVersion:/m.test(block));
}
