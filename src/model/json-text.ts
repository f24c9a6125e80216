import { err, ok, type Result } from './result.ts';

/** The error says where the text stops being JSON, if that can be told, without quoting it. */
export function parseJson(text: string): Result<unknown, string> {
  try {
    return ok(JSON.parse(text));
  } catch (error) {
    const offset = /at position (\d+)/.exec(String(error))?.[1];
    return err(offset === undefined ? 'is no JSON' : `is no JSON from ${placeOf(text, Number(offset))} on`);
  }
}

function placeOf(text: string, offset: number): string {
  const before = text.slice(0, offset);
  return `line ${before.split('\n').length}, column ${offset - before.lastIndexOf('\n')}`;
}

export type JsonRecord = Readonly<Record<string, unknown>>;

/** What is no object has nothing to find in it. */
export function recordOf(value: unknown): JsonRecord {
  return typeof value === 'object' && value !== null ? (value as JsonRecord) : {};
}
