import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { routes } from '../../src/daemon/control-routes.ts';
import type { Route } from '../../src/daemon/route.ts';

const document = readFileSync('docs/control-api.md', 'utf8');

/** What the document says of each route, by its heading. */
const parts = new Map(
  document
    .split(/^### /m)
    .slice(1)
    .map((part) => [part.match(/^`([^`]+)`/)?.[1] ?? part.slice(0, 40), part.split(/^## /m)[0] ?? '']),
);

const titleOf = ({ method, path }: Route) => `${method} ${path}`;

describe('docs/control-api.md', () => {
  test('has a part for every route, and no other', () => {
    expect([...parts.keys()].sort()).toEqual(routes.map(titleOf).sort());
  });

  test.each(routes.map((route) => [titleOf(route), Object.keys(route.parameters ?? {})] as const))(
    'names the parameters of %s, and no others',
    (title, parameters) => {
      const rows = [...(parts.get(title) ?? '').matchAll(/^\| `(\w+)` \|/gm)].map(([, name]) => name);
      expect(rows.sort()).toEqual([...parameters].sort());
    },
  );
});
