import type { CloudRequest, CloudResponse, Handler } from './traffic.ts';

/** `parts` are what the groups of the path matched, decoded. One that is absent is empty. */
export type Route = readonly [
  method: string,
  path: RegExp,
  answer: (request: CloudRequest, ...parts: string[]) => CloudResponse | Promise<CloudResponse>,
];

/** Asks the first route that fits; `missing` answers what none does. */
export function routed(routes: readonly Route[], missing: Handler): Handler {
  return (request) => {
    for (const [method, path, answer] of routes) {
      const match = method === request.method ? path.exec(request.url.pathname) : null;
      if (match !== null) return answer(request, ...match.slice(1).map(decoded));
    }
    return missing(request);
  };
}

function decoded(part: string | undefined): string {
  return decodeURIComponent(part ?? '');
}
