import { describe, expect, test } from 'vitest';
import { type OutputChoices, parseOutput, plainChoices, reportChoices } from '../../src/command/output.ts';

const planChoices: OutputChoices = { ...reportChoices, savedPlan: true };

function parse(values: readonly string[], choices: OutputChoices = planChoices) {
  return parseOutput(values, choices, { source: '--output', directory: '/home/me' });
}

describe('parseOutput', () => {
  test.each([
    [[], 'text', []],
    [['json'], 'json', []],
    [['json', 'json'], 'json', []],
    [['json=a.json'], 'text', [['json', 'a.json', '/home/me/a.json']]],
    [['json', 'text=/tmp/a=b.txt'], 'json', [['text', '/tmp/a=b.txt', '/tmp/a=b.txt']]],
    [['out/plan.json'], 'text', [['json', 'out/plan.json', '/home/me/out/plan.json']]],
    [['a=b.json'], 'text', [['json', 'a=b.json', '/home/me/a=b.json']]],
    [
      ['text=a', 'json=b', 'json=c'],
      'text',
      [
        ['text', 'a', '/home/me/a'],
        ['json', 'b', '/home/me/b'],
        ['json', 'c', '/home/me/c'],
      ],
    ],
  ])('%j', (values, printed, files) => {
    const named = files.map(([format, name, path]) => ({ format, name, path }));
    expect(parse(values)).toEqual({ printed, files: named });
  });

  test.each([
    [
      ['xml'],
      planChoices,
      '--output must be text, json, markdown, github, sarif, junit, FORMAT=FILE or a file *.json to save the plan in, not xml',
    ],
    [['xml=a'], reportChoices, '--output must be text, json, markdown, github, sarif, junit or FORMAT=FILE, not xml=a'],
    [['Json'], reportChoices, '--output must be text, json, markdown, github, sarif, junit or FORMAT=FILE, not Json'],
    [['a.json'], reportChoices, 'not a.json; to write JSON to a file: json=a.json'],
    [['a.json'], plainChoices, '--output must be text or json, not a.json'],
    [['json=a'], plainChoices, '--output must be text or json, not json=a'],
    [['json='], planChoices, '--output names no file after json='],
    [['json=a', 'text=./a'], planChoices, '--output names ./a twice'],
    [
      ['text', 'json'],
      reportChoices,
      'asks for text and json, and only one can be printed; write the other to a file: json=FILE',
    ],
    [['text', 'json'], plainChoices, '--output asks for text and json, and only one can be printed'],
  ])('%j is refused', (values, choices, message) => {
    expect(() => parse(values, choices)).toThrow(message);
  });
});
