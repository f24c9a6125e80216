import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { planAnnotations } from '../../src/report/annotation.ts';
import { renderGithub } from '../../src/report/github.ts';
import { blocked } from '../plan/sample-plans.ts';
import { annotation, hostileAnnotations, sampleAnnotations } from './annotations.ts';

const more = 'cloudsync validate';

describe('renderGithub', () => {
  test('escapes what a command is made of', async () => {
    const text = renderGithub(sampleAnnotations, more).join('\n');
    await expect(`${text}\n`).toMatchFileSnapshot('../golden/report-github.txt');
  });

  test('ten are shown; of more, the tenth says how many', () => {
    const some = (count: number) => Array.from({ length: count }, (_, line) => annotation({ line: line + 1 }));
    expect(renderGithub(some(10), more)).toEqual(some(10).flatMap((each) => renderGithub([each], more)));
    const lines = renderGithub([...some(9), annotation({ severity: 'warning' }), ...some(2)], more);
    expect(lines).toHaveLength(10);
    expect(lines.at(-1)).toBe('::warning title=Cloudsync::3 more like this; "cloudsync validate" shows them all');
  });

  test('a refusal of the guard is told once', () => {
    const lines = renderGithub(planAnnotations(blocked(), 'tasks.d'), 'cloudsync plan');
    expect(lines).toEqual([
      expect.stringMatching(/^::error file=tasks\.d\/old-0\.yaml,.*title=PruneBlocked::Nothing is deleted: 6 of 6/),
    ]);
  });

  test('whatever a manifest says, each line is one annotation and no other command', () => {
    fc.assert(
      fc.property(hostileAnnotations, (annotations) => {
        const lines = renderGithub(annotations, more);
        expect(lines.length).toBe(Math.min(annotations.length, 10));
        for (const line of lines) {
          expect(line).toMatch(
            /^::(?:error|warning) (?:file=[^:,]*,line=\d+,col=\d+,endLine=\d+,)?title=[A-Za-z0-9]+::\P{Cc}*$/u,
          );
          expect(line.replaceAll(/%(?:25|3A|2C|0A)/g, '')).not.toContain('%');
        }
        // What a reader of the log takes for a line is one.
        expect(lines.join('').split(/[\r\n\u0085\u2028\u2029]/)).toHaveLength(1);
      }),
    );
  });
});
