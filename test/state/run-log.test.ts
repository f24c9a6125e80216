import { readdir, readFile, stat, symlink, unlink, writeFile } from 'node:fs/promises';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createRunLog, readRunLog } from '../../src/state/run-log.ts';
import { temporaryDirectory } from '../helper/temporary-directory.ts';

async function linesOf(path: string): Promise<readonly string[]> {
  const log = await readRunLog(path);
  if (!log.ok) throw new Error(log.error);
  const lines: string[] = [];
  for await (const line of log.value) lines.push(line);
  return lines;
}

function failOnError(detail: string): void {
  throw new Error(detail);
}

describe('a run log', () => {
  test('holds a line for each record, for this user alone', async () => {
    await using directory = await temporaryDirectory();
    const path = directory.at('photos/run.ndjson');
    const log = createRunLog(path, { maxBytes: 1_000_000, onError: failOnError });
    log.append({ a: 1 });
    log.append({ text: 'two\nlines' });
    await log.close();
    expect(await linesOf(path)).toEqual(['{"a":1}', '{"text":"two\\nlines"}']);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect((await stat(directory.at('photos'))).mode & 0o777).toBe(0o700);
  });

  test('is not there when nothing was logged', async () => {
    await using directory = await temporaryDirectory();
    await createRunLog(directory.at('run.ndjson'), { maxBytes: 1000, onError: failOnError }).close();
    expect(await readdir(directory.path)).toEqual([]);
    expect(await readRunLog(directory.at('run.ndjson'))).toEqual({
      ok: false,
      error: 'ENOENT: no such file or directory',
    });
  });

  test('keeps its end within the bound, and says how much is missing', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 0, max: 300 }), { minLength: 60, maxLength: 120 }), async (sizes) => {
        await using directory = await temporaryDirectory();
        const path = directory.at('run.ndjson');
        const log = createRunLog(path, { maxBytes: 4096, onError: failOnError });
        for (const [index, size] of sizes.entries()) {
          log.append({ index, fill: 'x'.repeat(size) });
          // Lets the log write now and then, as a run does.
          if (size % 3 === 0) await stat(directory.path);
        }
        await log.close();
        expect((await stat(path)).size).toBeLessThanOrEqual(4096);
        const records = (await linesOf(path)).map((line) => JSON.parse(line));
        const kept = records.filter((record) => record.type !== 'Truncated').map((record) => record.index);
        expect(kept.at(-1)).toBe(sizes.length - 1);
        expect(kept).toEqual([...kept].sort((left, right) => left - right));
        const total = sizes.reduce(
          (sum, size, index) => sum + JSON.stringify({ index, fill: '' }).length + size + 1,
          0,
        );
        const isCut = kept.length < sizes.length;
        expect(isCut || total <= 4096).toBe(true);
        expect(records.some((record) => record.type === 'Truncated' && record.droppedBytes > 0)).toBe(isCut);
        expect(await readdir(directory.path)).toEqual(['run.ndjson']);
      }),
      { numRuns: 20 },
    );
  });

  test('takes the same work for each line, however many wait to be written', async () => {
    await using directory = await temporaryDirectory();
    const workFor = async (lines: number) => {
      const log = createRunLog(directory.at(`${lines}.ndjson`), { maxBytes: 2 ** 30, onError: failOnError });
      const before = process.cpuUsage();
      for (let index = 0; index < lines; index += 1) log.append({ index });
      const { user } = process.cpuUsage(before);
      await log.close();
      return user;
    };
    await workFor(5_000);
    const few = await workFor(5_000);
    // Ten times as many lines: ten times the work, where a sum over all that wait would take a hundred times.
    expect(await workFor(50_000)).toBeLessThan(40 * Math.max(few, 2_000));
  });

  test('a full disk is told once, and the run goes on', async () => {
    await using directory = await temporaryDirectory();
    const path = directory.at('run.ndjson');
    await symlink('/dev/full', path);
    const errors: string[] = [];
    const log = createRunLog(path, { maxBytes: 1000, onError: (detail) => errors.push(detail) });
    for (let index = 0; index < 50; index += 1) {
      log.append({ index });
      await stat(directory.path);
    }
    await log.close();
    expect(errors).toEqual(['ENOSPC: no space left on device']);
  });

  test('what could not be written is written when that works again', async () => {
    await using directory = await temporaryDirectory();
    const path = directory.at('folder/run.ndjson');
    await writeFile(directory.at('folder'), 'in the way');
    let log = createRunLog(path, { maxBytes: 1000, onError: failOnError });
    const detail = await new Promise<string>((resolve) => {
      log = createRunLog(path, { maxBytes: 1000, onError: resolve });
      log.append({ a: 1 });
    });
    expect(detail).toMatch(/^E(EXIST|NOTDIR)/);
    await unlink(directory.at('folder'));
    log.append({ a: 2 });
    await log.close();
    expect(await readFile(path, 'utf8')).toBe('{"a":1}\n{"a":2}\n');
  });

  test('can be read while it is cut', async () => {
    await using directory = await temporaryDirectory();
    const path = directory.at('run.ndjson');
    const log = createRunLog(path, { maxBytes: 4000, onError: failOnError });
    let reads = 0;
    for (let index = 0; index < 400; index += 1) {
      log.append({ index, fill: 'y'.repeat(50) });
      if (index % 10 === 9) {
        await stat(directory.path);
        const reading = await readRunLog(path);
        if (!reading.ok) continue;
        for await (const line of reading.value) if (line.endsWith('}')) JSON.parse(line);
        reads += 1;
      }
    }
    await log.close();
    expect(reads).toBeGreaterThan(0);
  });
});
