import { err, ok, type Result } from '../model/result.ts';

/** One thing that can be asked for over HTTP. */
export interface Route {
  readonly method: 'GET' | 'POST';
  /** `:name` stands for one part of a path. */
  readonly path: string;
  /** What may follow the `?`, once each but for `texts`. */
  readonly parameters?: Readonly<Record<string, ParameterKind>>;
}

export type ParameterKind = 'flag' | 'count' | 'text' | 'texts';

export interface Found<R extends Route> {
  readonly route: R;
  /** What stands for `:name`; empty where the path has none. */
  readonly name: string;
  readonly parameters: URLSearchParams;
}

/** Why a request is not answered, in the words of HTTP and of people. */
export interface Refusal {
  readonly status: number;
  readonly error: string;
  readonly headers?: Readonly<Record<string, string>>;
}

interface Asked {
  readonly method?: string | undefined;
  readonly url?: string | undefined;
}

export function findRoute<R extends Route>(routes: readonly R[], { method, url }: Asked): Result<Found<R>, Refusal> {
  const target = targetOf(url ?? '');
  if (target === null) return err({ status: 400, error: 'The path of the request is not a valid URL' });
  const { parts, parameters } = target;
  const there = routes.filter(({ path }) => isAt(path, parts));
  const route = there.find((each) => each.method === method);
  if (route === undefined)
    return err(there.length > 0 ? notAllowed(there, method) : { status: 404, error: unknownPath });
  const problem = problemIn(route, parameters);
  if (problem !== null) return err({ status: 400, error: problem });
  return ok({ route, name: parts[route.path.split('/').indexOf(':name')] ?? '', parameters });
}

const unknownPath = 'There is nothing at this path';

interface Target {
  readonly parts: readonly string[];
  readonly parameters: URLSearchParams;
}

function targetOf(url: string): Target | null {
  try {
    const { pathname, searchParams } = new URL(url, 'http://cloudsync');
    return { parts: pathname.split('/').map(decodeURIComponent), parameters: searchParams };
  } catch {
    return null;
  }
}

function isAt(path: string, parts: readonly string[]): boolean {
  const own = path.split('/');
  return own.length === parts.length && own.every((part, index) => part === ':name' || part === parts[index]);
}

function notAllowed(there: readonly Route[], method: string | undefined): Refusal {
  const allow = there.map((route) => route.method).join(', ');
  return { status: 405, error: `This path is for ${allow}, not for ${method}`, headers: { allow } };
}

/** An unknown parameter is no trifle: a misspelt `dryRun` would start a real run. */
function problemIn({ parameters: kinds = {} }: Route, given: URLSearchParams): string | null {
  for (const name of new Set(given.keys())) {
    const kind = Object.hasOwn(kinds, name) ? kinds[name] : undefined;
    const values = given.getAll(name);
    if (kind === undefined) return `There is no parameter ${JSON.stringify(name)} here; ${known(kinds)}`;
    if (values.length > 1 && kind !== 'texts') return `The parameter ${name} is given more than once`;
    if (!forms[kind].test(values[0] ?? '')) return `The parameter ${name} must be ${words[kind]}`;
  }
  return null;
}

function known(kinds: Readonly<Record<string, ParameterKind>>): string {
  const names = Object.keys(kinds);
  return names.length === 0 ? 'this path takes none' : `there is ${names.join(', ')}`;
}

const forms: Readonly<Record<ParameterKind, RegExp>> = {
  flag: /^(?:true|false)$/,
  count: /^\d{1,15}$/,
  text: /^/,
  texts: /^/,
};
const words: Readonly<Record<ParameterKind, string>> = {
  flag: 'true or false',
  count: 'a whole number',
  text: 'a text',
  texts: 'a text',
};
