import type { FarLocation, FarPlace } from '../model/far-place.ts';
import { serverMark } from '../place/far-mark.ts';
import { bucketPlace } from './bucket-place.ts';

/** Clouds that speak S3, by their host names: all addresses of one know the same buckets. */
const clouds: readonly { readonly host: RegExp; readonly service: string; readonly name: string }[] = [
  { host: /(?:^|\.)amazonaws\.com\.cn$/, service: 's3', name: 'aws-cn' },
  { host: /(?:^|[.-])us-gov-[a-z\d-]+\.amazonaws\.com$/, service: 's3', name: 'aws-us-gov' },
  { host: /(?:^|\.)amazonaws\.com$/, service: 's3', name: 'aws' },
  { host: /(?:^|\.)backblazeb2\.com$/, service: 'b2', name: 'backblaze' },
  { host: /^storage\.googleapis\.com$/, service: 'gcs', name: 'google' },
  { host: /^gateway\.(?:[a-z\d]+\.)?storjshare\.io$/, service: 's3', name: 'storj' },
  { host: /(?:^|\.)wasabisys\.com$/, service: 's3', name: 'wasabi' },
];

/** A bucket is named once in a cloud, or at the server of its own that an endpoint leads to. */
export function s3Place({ options, bucket, folder }: FarLocation): FarPlace {
  const { endpoint, provider = 'AWS', region } = options;
  const absent = provider === 'AWS' ? awsPartition(String(region ?? '')) : String(provider).toLowerCase();
  const { mark } = serverMark(endpoint, absent);
  const cloud = mark.known ? clouds.find(({ host }) => host.test(mark.value)) : undefined;
  if (cloud !== undefined)
    return bucketPlace(cloud.service, { value: cloud.name, known: true }, { bucket, folder }, true);
  return bucketPlace('s3', mark, { bucket, folder }, mark.value === absent);
}

/** Names of buckets are told apart within a partition only. */
function awsPartition(region: string): string {
  if (region.startsWith('cn-')) return 'aws-cn';
  return region.startsWith('us-gov-') ? 'aws-us-gov' : 'aws';
}
