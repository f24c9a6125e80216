import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { describe, expect, test } from 'vitest';

/** What each folder of `src` may import besides itself. ARCHITECTURE.md draws the same picture. */
const arrows: Readonly<Record<string, readonly string[]>> = {
  model: [],
  manifest: ['model', 'place'],
  plan: ['model'],
  schedule: ['model'],
  rclone: ['model'],
  place: ['model'],
  provider: ['model', 'place'],
  status: ['model'],
  state: ['model'],
  source: ['model'],
  report: ['model'],
  run: ['model', 'place', 'rclone', 'provider', 'status', 'state'],
  daemon: ['model', 'manifest', 'plan', 'schedule', 'rclone', 'provider', 'status', 'state', 'source', 'run', 'place'],
  command: [
    ...['model', 'manifest', 'plan', 'schedule', 'rclone', 'provider', 'status', 'state', 'source', 'run', 'place'],
    ...['daemon', 'report'],
  ],
  'cli.ts': ['model', 'command'],
};

/** A list of what is put together may be longer than a file with an idea. */
const compositionRoots: readonly string[] = ['daemon/engine.ts'];

interface Import {
  readonly file: string;
  readonly from: string;
  readonly to: string;
}

function importsOf(root: string): readonly Import[] {
  return readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !file.includes('generated'))
    .flatMap((file) =>
      [...readFileSync(join(root, file), 'utf8').matchAll(/(?:from|import)\s*\(?\s*'(\.[^']+)'/g)].map((match) => ({
        file,
        from: folderOf(file),
        to: folderOf(normalize(join(dirname(file), match[1] ?? ''))),
      })),
    );
}

function folderOf(file: string): string {
  return file.split('/')[0] ?? file;
}

describe('arrows between the folders of src', () => {
  const imports = importsOf('src');

  test('there is something to look at', () => {
    expect(imports.length).toBeGreaterThan(20);
  });

  test('every import follows an arrow', () => {
    const against = imports.filter(({ from, to }) => from !== to && arrows[from]?.includes(to) !== true);
    expect(against.map(({ file, to }) => `${file} imports ${to}/`)).toEqual([]);
  });

  test('a file stays small enough to read in one go', () => {
    const long = readdirSync('src', { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts') && !file.includes('generated'))
      .map((file) => ({ file, lines: readFileSync(join('src', file), 'utf8').split('\n').length }))
      .filter(({ file, lines }) => lines > (compositionRoots.includes(file) ? 351 : 251));
    expect(long).toEqual([]);
  });
});
