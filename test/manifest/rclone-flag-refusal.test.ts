import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { flagRefusal } from '../../src/manifest/rclone-flag-refusal.ts';
import { providers } from '../../src/provider/registry.ts';

interface Schema {
  readonly properties?: Readonly<Record<string, Schema>>;
}

const schema: Schema = JSON.parse(readFileSync(new URL('../../schema/task.schema.json', import.meta.url), 'utf8'));

function hasField(path: string): boolean {
  const found = path.split('.').reduce<Schema | undefined>((part, key) => part?.properties?.[key], schema);
  return found !== undefined;
}

const flags = [
  ...['config', 'cache-dir', 'password-command', 'interactive', 'rc-addr', 'filter', 'include-from', 'files-from-raw'],
  ...['exclude-if-present', 'hash-filter', 'max-depth', 'ignore-case', 'min-age', 'max-age', 'min-size', 'max-size'],
  ...['delete-excluded', 'delete-during', 'ignore-errors', 'max-delete', 'max-delete-size', 'backup-dir', 'suffix'],
  ...['log-file', 'dump-bodies', 'dry-run', 'retries', 'retries-sleep', 'max-duration', 'error-on-no-transfer'],
  ...['transfers', 'bwlimit', 'bwlimit-file', 'copy-links', 'skip-links', 'links', 'create-empty-src-dirs'],
  ...['delete-empty-src-dirs', 'fast-list', 's3-chunk-size', 'compare-dest', 'header', 'ca-cert', 'client-cert'],
  ...['crypt-suffix', 'local-no-sparse', 'drive-acknowledge-abuse'],
];

describe('the hint for a flag', () => {
  test.each(flags)('%s names fields that exist', (name) => {
    const refusal = flagRefusal(name);
    expect(refusal).not.toBe(null);
    const fields = [...(refusal?.hint ?? '').matchAll(/\bspec\.[a-zA-Z.]*[a-zA-Z]/g)].map(([field]) => field);
    // That one is of the other kind of manifest.
    expect(fields.filter((field) => field !== 'spec.options' && !hasField(field))).toEqual([]);
  });

  test('is for one flag, and not for another that only looks alike', () => {
    for (const name of [
      'links',
      'skip-links',
      'ignore-errors',
      'delete-excluded',
      'bwlimit-file',
      'exclude-if-present',
    ]) {
      expect(flagRefusal(name)?.hint).toBe(null);
    }
    expect(flagRefusal('delete-empty-src-dirs')?.hint).not.toBe(flagRefusal('create-empty-src-dirs')?.hint);
    expect(flagRefusal('multi-thread-chunk-size')).toBe(null);
  });

  test('names uploadChunkSize for just those providers that have such a size', () => {
    const all = [...providers.values()];
    for (const { rcloneType } of all) {
      const chunked = all.some(
        (other) => other.rcloneType === rcloneType && other.uploadChunk?.option === 'chunk_size',
      );
      const hint = flagRefusal(`${rcloneType}-chunk-size`)?.hint ?? null;
      expect([rcloneType, hint === 'use spec.uploadChunkSize']).toEqual([rcloneType, chunked]);
    }
  });
});
