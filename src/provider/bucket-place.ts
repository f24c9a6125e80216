import type { FarLocation, FarPlace, Mark } from '../model/far-place.ts';
import { bucketParts } from '../place/far-mark.ts';

/** Of a service whose buckets have names that nobody else can have there. */
export function bucketPlace(
  service: string,
  mark: Mark,
  { bucket, folder }: Pick<FarLocation, 'bucket' | 'folder'>,
  isCloud: boolean,
): FarPlace {
  const host = isCloud ? 'cloud' : 'server';
  return { kind: 'far', service, marks: [mark], parts: bucketParts(bucket, folder), folds: false, host };
}
