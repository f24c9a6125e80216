import type { FarLocation, FarPlace } from '../model/far-place.ts';
import { canonicalJson } from '../model/spec-hash.ts';
import { folderParts, serverMark, withPort } from '../place/far-mark.ts';

const addresses = ['host', 'url', 'endpoint', 'server', 'servers', 'namenode', 'satellite_address', 'api_url'];
const foldingBackends = ['smb', 'sharefile', 'jottacloud', 'zoho', 'putio'];

/** Of a backend that rclone alone knows: what is not its address may or may not lead to another account. */
export function genericPlace(backend: string, { options, bucket, folder }: FarLocation): FarPlace {
  const { port, ...others } = options;
  const name = addresses.find((each) => others[each] !== undefined);
  const { [name ?? '']: address, ...rest } = others;
  const { mark, path } = serverMark(withPort(address, port), '');
  return {
    kind: 'far',
    service: backend,
    marks: [mark, { value: canonicalJson(rest), known: false }],
    parts: [...path, ...(bucket === null ? [] : [bucket]), ...folderParts(folder)],
    folds: foldingBackends.includes(backend),
    host: 'server',
  };
}
