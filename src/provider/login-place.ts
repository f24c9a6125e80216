import type { FarLocation, FarPlace } from '../model/far-place.ts';
import { loginParts, placing, serverMark, withPort } from '../place/far-mark.ts';

/**
 * Of a server that one logs in to. Two logins mostly see the same root; one that is shut in its home does not, so from
 * the root the name says nothing.
 */
export function loginPlace(service: string, port: number, { options, folder }: FarLocation): FarPlace {
  const { host, port: ownPort, user: login } = options;
  const parts = loginParts(folder);
  const user = placing(login);
  const { mark } = serverMark(withPort(host, ownPort), '', port);
  return {
    kind: 'far',
    service,
    marks: [mark, parts[0] === '/' ? { value: user.value, known: false } : user],
    parts,
    folds: false,
    host: 'server',
  };
}
