import { describe, expect, test } from 'vitest';
import { tooDeepAt } from '../../src/manifest/nesting.ts';
import { readYaml } from '../../src/manifest/yaml-document.ts';

describe('tooDeepAt', () => {
  test.each(['- ', '[', '{a: ', '? ', 'a: ', '[a: ', '? - '])('refuses thousands of levels of %j', (part) => {
    const text = part.repeat(10_000);
    expect(tooDeepAt(`spec:\n  path:\n    ${text}`)).toBeGreaterThan(0);
    expect(tooDeepAt(text)).toBeGreaterThanOrEqual(190);
    expect(readYaml(text)).toMatchObject({
      value: null,
      findings: [{ code: 'CS004', message: 'the document is nested too deeply' }],
    });
  });

  test('refuses stairs that go down line by line', () => {
    const text = Array.from({ length: 190 }, (_, level) => `${' '.repeat(level)}a:\n${' '.repeat(level)}-\n`).join('');
    expect(tooDeepAt(text)).toBeGreaterThan(0);
  });

  test('lets a hundred levels pass, and what only looks deep', () => {
    const scripts = `a: |\n${' '.repeat(300)}x\n`;
    for (const text of [
      ...['', 'a: 1\n', '['.repeat(100) + ']'.repeat(100), '- '.repeat(100), scripts],
      ...[`a: "${'[{'.repeat(5000)}"\n`, '- \n'.repeat(5000), `- x\n${'- [a, b]\n'.repeat(500)}`],
      ...[`---\n${' '.repeat(300)}# nothing\n`, `- ${':-?'.repeat(500)}\n`, '? a\n'.repeat(300)],
    ]) {
      expect(tooDeepAt(text), text.slice(0, 20)).toBeNull();
    }
  });

  test('nothing of a text that is too deep can be pointed to', () => {
    expect(readYaml('['.repeat(5000)).offsetOf(['spec'], 'value')).toBe(0);
  });
});
