import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseSelector } from '../../src/manifest/selector.ts';
import type { LabelRequirement } from '../../src/model/selection.ts';

describe('parseSelector', () => {
  test.each<[string, readonly LabelRequirement[]]>([
    ['team=media', [{ kind: 'in', label: 'team', values: ['media'] }]],
    ['team==media', [{ kind: 'in', label: 'team', values: ['media'] }]],
    ['team != media', [{ kind: 'notIn', label: 'team', values: ['media'] }]],
    ['team=', [{ kind: 'in', label: 'team', values: [''] }]],
    ['team in (media, home)', [{ kind: 'in', label: 'team', values: ['media', 'home'] }]],
    ['team notin (media)', [{ kind: 'notIn', label: 'team', values: ['media'] }]],
    ['team', [{ kind: 'exists', label: 'team', values: [] }]],
    ['! team', [{ kind: 'missing', label: 'team', values: [] }]],
    [
      'example.org/team in (a,b), !host,tier=x',
      [
        { kind: 'in', label: 'example.org/team', values: ['a', 'b'] },
        { kind: 'missing', label: 'host', values: [] },
        { kind: 'in', label: 'tier', values: ['x'] },
      ],
    ],
  ])('%s', (text, expected) => {
    expect(parseSelector(text)).toEqual({ ok: true, value: expected });
  });

  test.each(['', 'a,,b', '=x', 'a in', 'a in (b', 'a (b)', 'a=b=c', 'a b'])('refuses %j', (text) => {
    expect(parseSelector(text)).toEqual({
      ok: false,
      error: expect.stringMatching(/^cannot read ".*": expected LABEL/),
    });
  });

  test('reads what it was written from', () => {
    const word = fc.stringMatching(/^[a-z][a-z0-9./-]{0,8}$/).filter((each) => each !== 'in' && each !== 'notin');
    const requirement: fc.Arbitrary<LabelRequirement> = fc.oneof(
      fc.record({
        kind: fc.constantFrom('in' as const, 'notIn' as const),
        label: word,
        values: fc.array(word, { minLength: 1, maxLength: 3 }),
      }),
      fc.record({
        kind: fc.constantFrom('exists' as const, 'missing' as const),
        label: word,
        values: fc.constant([]),
      }),
    );
    fc.assert(
      fc.property(fc.array(requirement, { minLength: 1, maxLength: 4 }), (requirements) => {
        expect(parseSelector(requirements.map(written).join(','))).toEqual({ ok: true, value: requirements });
      }),
    );
  });
});

function written(requirement: LabelRequirement): string {
  const { kind, label, values } = requirement;
  if (values.length > 0) return `${label} ${kind === 'in' ? 'in' : 'notin'} (${values.join(',')})`;
  return kind === 'exists' ? label : `!${label}`;
}
