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

/** What a text holds; `undefined` where it is no JSON. */
export function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function placeOf(text: string, offset: number): string {
  const before = text.slice(0, offset);
  return `line ${before.split('\n').length}, column ${offset - before.lastIndexOf('\n')}`;
}

export type JsonRecord = Readonly<Record<string, unknown>>;

export function isRecord(value: unknown): value is JsonRecord {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** What is no object has nothing to find in it. */
export function recordOf(value: unknown): JsonRecord {
  return isRecord(value) ? value : {};
}
