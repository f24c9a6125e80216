import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { everything, isSelected, type LabelRequirement } from '../../src/model/selection.ts';

function selects(label: LabelRequirement, labels: Readonly<Record<string, string>>): boolean {
  return isSelected({ names: [], labels: [label] }, { name: 'photos', labels });
}

function named(pattern: string, name: string): boolean {
  return isSelected({ names: [pattern], labels: [] }, { name, labels: {} });
}

test('without any requirement, everything', () => {
  expect(isSelected(everything, { name: 'photos', labels: {} })).toBe(true);
});

describe('labels', () => {
  const oneOf: LabelRequirement = { kind: 'in', label: 'team', values: ['media', 'home'] };
  const noneOf: LabelRequirement = { kind: 'notIn', label: 'team', values: ['media'] };

  test.each([
    [oneOf, { team: 'home' }, true],
    [oneOf, { team: 'office' }, false],
    [oneOf, {}, false],
    [noneOf, { team: 'media' }, false],
    [noneOf, { team: 'home' }, true],
    [noneOf, {}, true],
    [{ kind: 'exists', label: 'team', values: [] } as const, { team: '' }, true],
    [{ kind: 'exists', label: 'toString', values: [] } as const, {}, false],
    [{ kind: 'missing', label: 'team', values: [] } as const, { team: 'home' }, false],
    [{ kind: 'missing', label: 'team', values: [] } as const, {}, true],
  ])('%j of %j: %s', (requirement, labels, expected) => {
    expect(selects(requirement, labels)).toBe(expected);
  });

  test('all have to hold', () => {
    const labels = [oneOf, { kind: 'exists', label: 'host', values: [] } as const];
    expect(isSelected({ names: [], labels }, { name: 'a', labels: { team: 'home' } })).toBe(false);
    expect(isSelected({ names: [], labels }, { name: 'a', labels: { team: 'home', host: 'nas' } })).toBe(true);
  });
});

describe('names', () => {
  test.each([
    ['photos', 'photos', true],
    ['photos', 'photos-2', false],
    ['photos*', 'photos-2', true],
    ['*-2', 'photos-2', true],
    ['p*t*s', 'photos', true],
    ['p*t*s', 'posts-t', false],
    ['a*a', 'a', false],
    ['*', '', true],
    ['x*', 'photos', false],
    ['*x*', 'photos', false],
  ])('%s fits %s: %s', (pattern, name, expected) => {
    expect(named(pattern, name)).toBe(expected);
  });

  test('fit as the same pattern does as a regular expression', () => {
    const word = fc.stringMatching(/^[ab*]{0,8}$/);
    fc.assert(
      fc.property(word, fc.stringMatching(/^[ab]{0,10}$/), (pattern, name) => {
        expect(named(pattern, name)).toBe(new RegExp(`^${pattern.replaceAll('*', '.*')}$`).test(name));
      }),
    );
  });
});
