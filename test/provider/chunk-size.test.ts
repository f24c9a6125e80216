import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { checkChunkSize, chunkOptions } from '../../src/provider/chunk-size.ts';
import { findProvider, providers } from '../../src/provider/registry.ts';
import { gibi, kibi, mebi } from '../../src/provider/size.ts';

const chunked = [...providers.values()].flatMap((provider) =>
  provider.uploadChunk === null ? [] : [[provider.name, provider, provider.uploadChunk] as const],
);

function check(name: string, bytes: number): string | null {
  const provider = findProvider(name);
  if (provider === null) throw new Error(`There is no provider ${name}.`);
  return checkChunkSize(provider, bytes);
}

/** A size as the examples of rclone's documentation read it: b is bytes. */
function bytesOf(text: string): number {
  const units: Readonly<Record<string, number>> = { b: 1, Ki: kibi, Mi: mebi, Gi: gibi };
  const [, number, unit = ''] = /^(\d+)(b|Ki|Mi|Gi)$/.exec(text) ?? [];
  return Number(number) * (units[unit] ?? Number.NaN);
}

test('the providers whose chunks have a size to choose', () => {
  expect(chunked.map(([name]) => name)).toEqual(['azureblob', 'b2', 'drive', 'dropbox', 'onedrive', 's3', 'swift']);
});

describe.each(chunked)('%s', (_name, provider, chunk) => {
  test('keeps its own rule at its limits and by default', () => {
    const limits = [chunk.defaultBytes, chunk.minimumBytes, chunk.maximumBytes ?? chunk.defaultBytes];
    expect(limits.map((bytes) => checkChunkSize(provider, bytes))).toEqual([null, null, null]);
  });

  test('names sizes that it takes itself, and none is nearer', () => {
    const sizes = fc.oneof(
      fc.integer({ min: 1, max: 8 * gibi }),
      fc.integer({ min: 1, max: 40_000 }).map((n) => n * 16 * kibi),
    );
    fc.assert(
      fc.property(sizes, (bytes) => {
        const refusal = checkChunkSize(provider, bytes);
        if (refusal === null) {
          expect(bytesOf(chunkOptions(provider, bytes)[chunk.option] ?? '')).toBe(bytes);
          return;
        }
        const named = [...refusal.slice(refusal.indexOf('nearest')).matchAll(/\d+(?:b|Ki|Mi|Gi)/g)].map(([text]) =>
          bytesOf(text),
        );
        expect(named.length).toBeGreaterThan(0);
        for (const size of named) expect(checkChunkSize(provider, size)).toBeNull();
        const [low = 0, high = low] = named;
        if (low !== high) expect(low < bytes && bytes < high).toBe(true);
        if (low !== high) expect(checkChunkSize(provider, (low + high) / 2)).not.toBeNull();
      }),
    );
  });
});

test.each([
  [
    'b2',
    1 * mebi,
    'Expected a size of at least 5Mi and at most 4Gi for provider b2, found 1Mi. The nearest allowed size is 5Mi.',
  ],
  [
    'dropbox',
    150 * mebi,
    'Expected a size of at least 1Mi and at most 149Mi for provider dropbox, found 150Mi. The nearest allowed size is 149Mi.',
  ],
  [
    'drive',
    5 * mebi,
    'Expected a power of two of at least 256Ki for provider drive, found 5Mi. The nearest allowed sizes are 4Mi and 8Mi.',
  ],
  [
    'drive',
    1,
    'Expected a power of two of at least 256Ki for provider drive, found 1b. The nearest allowed size is 256Ki.',
  ],
  [
    'onedrive',
    1 * mebi,
    'Expected a multiple of 320Ki of at least 320Ki and at most 250Mi for provider onedrive, found 1Mi. The nearest allowed sizes are 960Ki and 1280Ki.',
  ],
  [
    'onedrive',
    1 * gibi,
    'Expected a multiple of 320Ki of at least 320Ki and at most 250Mi for provider onedrive, found 1Gi. The nearest allowed size is 250Mi.',
  ],
  [
    's3',
    5 * mebi - 1,
    'Expected a size of at least 5Mi and at most 5Gi for provider s3, found 5242879b. The nearest allowed size is 5Mi.',
  ],
  [
    's3',
    0,
    'Expected a size of at least 5Mi and at most 5Gi for provider s3, found 0b. The nearest allowed size is 5Mi.',
  ],
  ['ftp', 5 * mebi, 'Provider ftp has no chunks whose size could be chosen. Leave uploadChunkSize out.'],
  ['storj-ix', 5 * mebi, 'Provider storj-ix has no chunks whose size could be chosen. Leave uploadChunkSize out.'],
])('%s refuses %j', (name, bytes, message) => {
  expect(check(name, bytes)).toBe(message);
});

test.each([
  ['b2', 96 * mebi, { chunk_size: '96Mi' }],
  ['b2', 200 * mebi, { chunk_size: '200Mi' }],
  ['b2', 1 * gibi, { chunk_size: '1Gi', upload_cutoff: '1Gi' }],
  ['b2', 200 * mebi + 1, { chunk_size: '209715201b', upload_cutoff: '209715201b' }],
  ['s3', 1 * gibi, { chunk_size: '1Gi' }],
  ['drive', 256 * kibi, { chunk_size: '256Ki' }],
  ['ftp', 5 * mebi, {}],
])('%s with %j tells rclone %j', (name, bytes, options) => {
  const provider = findProvider(name);
  expect(provider !== null && chunkOptions(provider, bytes)).toEqual(options);
});
