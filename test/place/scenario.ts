import fc from 'fast-check';

/** Names are relative to the tree. One that cannot be taken is left out. */
export type Step =
  | { readonly kind: 'folder'; readonly at: string }
  | { readonly kind: 'link'; readonly at: string; readonly to: string; readonly absolute: boolean }
  | { readonly kind: 'bind'; readonly at: string; readonly to: string; readonly recursive: boolean }
  | { readonly kind: 'tmpfs'; readonly at: string };

const part = fc.constantFrom('a', 'b', 'c');
const name = fc.array(part, { minLength: 1, maxLength: 4 }).map((parts) => parts.join('/'));
const target = fc.oneof(name, fc.constantFrom('..', '.', '../a', '../../b'));

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('folder' as const), at: name }) },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('link' as const), at: name, to: target, absolute: fc.boolean() }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constant('bind' as const), at: name, to: name, recursive: fc.boolean() }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('tmpfs' as const), at: name }) },
);

/** Something for links and mounts to meet at. */
const grown: readonly Step[] = ['a/b/c', 'b/a/b', 'c/c'].map((at) => ({ kind: 'folder', at }));

/** One of each relation, so that each is met. */
export const known = [
  {
    steps: [...grown, { kind: 'bind', at: 'c/c', to: 'a/b', recursive: false }] satisfies readonly Step[],
    pairs: [
      ['a', 'c'],
      ['a', 'a/b/c'],
      ['a/b', 'c'],
      ['a/b', 'c/c'],
      ['a', 'b'],
    ] satisfies readonly [string, string][],
  },
];

/** A tree with links and mounts, and names in it of which two at a time are compared. */
export const scenario = fc.record({
  steps: fc.array(step, { minLength: 3, maxLength: 14 }).map((steps) => [...grown, ...steps]),
  pairs: fc.array(fc.tuple(name, name), { minLength: 6, maxLength: 10 }),
});
