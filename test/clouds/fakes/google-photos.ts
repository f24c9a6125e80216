import { randomBytes } from 'node:crypto';
import { extname } from 'node:path';
import { type OAuthCloud, type OAuthSettings, startOAuthCloud } from './fake-cloud.ts';
import { type Route, routed } from './routes.ts';
import { type CloudRequest, type CloudResponse, download, json } from './traffic.ts';

/*
 * Google Photos, Library API v1, as rclone's backend `google photos` uses it. There are albums and media items, no
 * folders: an album's title may hold slashes. Neither sizes nor checksums nor the times of files are known. What is
 * put here counts as uploaded by rclone before, because an application sees nothing else.
 *
 * | answered                                                            | not answered                              |
 * |---------------------------------------------------------------------|-------------------------------------------|
 * | albums: list by pages, make; batchRemoveMediaItems                  | sharing; sharedAlbums are always empty    |
 * | mediaItems: read; search by album, by date, by pages                | favourites: there are none                |
 * | uploads, mediaItems:batchCreate, with refusal of what is no medium  | resumable uploads, descriptions           |
 * | download of photos and videos, with ranges; GET and HEAD            | previews; that equal bytes are one item   |
 */

const statusNames: Readonly<Record<number, string>> = {
  ...{ 401: 'UNAUTHENTICATED', 403: 'PERMISSION_DENIED', 404: 'NOT_FOUND', 429: 'RESOURCE_EXHAUSTED' },
  ...{ 500: 'INTERNAL', 503: 'UNAVAILABLE' },
};

interface MediaItem {
  readonly id: string;
  readonly name: string;
  readonly content: Buffer;
  readonly mimeType: string;
  readonly created: string;
}

interface Album {
  readonly id: string;
  readonly title: string;
  readonly items: Set<MediaItem>;
}

const mediaTypes: Readonly<Record<string, string>> = {
  ...{ '.jpg': 'image/jpeg', '.jpeg': 'image/jpeg', '.png': 'image/png', '.gif': 'image/gif', '.heic': 'image/heic' },
  ...{ '.mp4': 'video/mp4', '.mov': 'video/quicktime' },
};

export function startGooglePhotos(settings: OAuthSettings = {}): Promise<OAuthCloud> {
  const items = new Map<string, MediaItem>();
  const albums = new Map<string, Album>();
  const uploads = new Map<string, { readonly name: string; readonly content: Buffer }>();

  function addAlbum(title: string): Album {
    const album = { id: newId(), title, items: new Set<MediaItem>() };
    albums.set(album.id, album);
    return album;
  }

  function addItem(name: string, content: Buffer, album: Album | undefined): MediaItem | null {
    const { [extname(name).toLowerCase()]: mimeType } = mediaTypes;
    if (mimeType === undefined) return null;
    const item = { id: newId(), name, content, mimeType, created: new Date().toISOString() };
    items.set(item.id, item);
    album?.items.add(item);
    return item;
  }

  function search({ body }: CloudRequest): CloudResponse {
    const { albumId, pageSize = 25, pageToken = '0', filters } = JSON.parse(body.toString());
    if (albumId !== undefined && filters !== undefined) return problem(400, 'INVALID_ARGUMENT');
    const album = albums.get(albumId);
    if (albumId !== undefined && album === undefined) return problem(404, 'NOT_FOUND');
    const found = [...(album?.items ?? items.values())].filter((item) => matches(item, filters ?? {}));
    return json(page('mediaItems', found.map(described), pageSize, pageToken));
  }

  function batchCreate({ body }: CloudRequest): CloudResponse {
    const { albumId, newMediaItems } = JSON.parse(body.toString());
    const results = newMediaItems.map(({ simpleMediaItem: { uploadToken, fileName } }: NewMediaItem) => {
      const upload = uploads.get(uploadToken);
      uploads.delete(uploadToken);
      const item = upload === undefined ? null : addItem(fileName ?? upload.name, upload.content, albums.get(albumId));
      return item === null
        ? {
            uploadToken,
            status: { code: 3, message: 'Failed: There was an error while trying to create this media item.' },
          }
        : { uploadToken, status: { message: 'Success' }, mediaItem: described(item) };
    });
    return json({ newMediaItemResults: results });
  }

  function upload({ body, headers: { 'x-goog-upload-file-name': name = '' } }: CloudRequest): CloudResponse {
    const token = newId();
    // Node reads headers as Latin-1, and rclone writes UTF-8 there.
    uploads.set(token, { name: Buffer.from(name, 'latin1').toString(), content: body });
    return { status: 200, headers: { 'content-type': 'text/plain' }, body: token };
  }

  function send(request: CloudRequest): CloudResponse {
    const [, id = '', video] = /^\/([^=]+)=d(v?)$/.exec(request.url.pathname) ?? [];
    const item = items.get(id);
    if (item === undefined || item.mimeType.startsWith('video/') !== (video === 'v')) return problem(404, 'NOT_FOUND');
    const { content, mimeType } = item;
    return download(request, content, { 'content-type': mimeType, 'content-length': String(content.length) });
  }

  const routes: readonly Route[] = [
    [
      'GET',
      /^\/v1\/albums$/,
      ({ url: { searchParams } }) => {
        const [size, token] = [Number(searchParams.get('pageSize') ?? 20), searchParams.get('pageToken') ?? '0'];
        return json(page('albums', [...albums.values()].map(albumDescribed), size, token));
      },
    ],
    ['GET', /^\/v1\/sharedAlbums$/, () => json({})],
    ['POST', /^\/v1\/albums$/, ({ body }) => json(albumDescribed(addAlbum(JSON.parse(body.toString()).album.title)))],
    [
      'POST',
      /^\/v1\/albums\/([^/:]+):batchRemoveMediaItems$/,
      ({ body }, id) => {
        const album = albums.get(id);
        if (album === undefined) return problem(404, 'NOT_FOUND');
        const { mediaItemIds } = JSON.parse(body.toString());
        for (const item of album.items) if (mediaItemIds.includes(item.id)) album.items.delete(item);
        return json({});
      },
    ],
    ['POST', /^\/v1\/mediaItems:search$/, search],
    ['POST', /^\/v1\/mediaItems:batchCreate$/, batchCreate],
    [
      'GET',
      /^\/v1\/mediaItems\/([^/]+)$/,
      (_, id) => {
        const item = items.get(id);
        return item === undefined ? problem(404, 'NOT_FOUND') : json(described(item));
      },
    ],
    ['POST', /^\/v1\/uploads$/, upload],
  ];

  return startOAuthCloud(
    {
      type: 'google photos',
      options: { client_id: 'google-client', client_secret: 'google-client-secret' },
      tokenUrls: ['https://oauth2.googleapis.com/token', 'https://accounts.google.com/o/oauth2/token'],
      hosts: { 'photoslibrary.googleapis.com': routed(routes, ({ url }) => problem(400, `UNKNOWN ${url.pathname}`)) },
      signedHosts: { 'lh3.googleusercontent.com': send },
      /** What is in no album is in `media/all`. */
      files: () => {
        const placed = [...albums.values()].flatMap((album) => [...album.items].map((item) => ({ album, item })));
        const loose = [...items.values()].filter((item) => !placed.some((each) => each.item === item));
        return new Map([
          ...placed.map(({ album, item }) => [`album/${album.title}/${item.name}`, item.content] as const),
          ...loose.map(({ name, content }) => [`media/all/${name}`, content] as const),
        ]);
      },
      put(path, content) {
        const names = path.split('/');
        const name = names.pop() ?? '';
        const title = names[0] === 'album' ? names.slice(1).join('/') : null;
        const album = [...albums.values()].find((each) => each.title === title);
        const added = addItem(name, Buffer.from(content), album ?? (title === null ? undefined : addAlbum(title)));
        if (added === null) throw new Error(`Google Photos keeps photos and videos, and ${name} has not such a name`);
      },
      failure: (status) => problem(status, statusNames[status] ?? 'INVALID_ARGUMENT'),
    },
    { rotates: false, ...settings },
  );
}

interface NewMediaItem {
  readonly simpleMediaItem: { readonly uploadToken: string; readonly fileName?: string };
}

interface Filters {
  readonly dateFilter?: { readonly dates?: readonly { year: number; month?: number; day?: number }[] };
  readonly featureFilter?: object;
}

function matches({ created }: MediaItem, { dateFilter, featureFilter }: Filters): boolean {
  if (featureFilter !== undefined) return false;
  const [year, month, day] = created.slice(0, 10).split('-').map(Number);
  const { dates } = dateFilter ?? {};
  return (
    dates === undefined ||
    dates.some((date) => date.year === year && (date.month ?? month) === month && (date.day ?? day) === day)
  );
}

/** A token is where the next page starts. */
function page(key: string, all: readonly object[], size: number, token: string): object {
  const end = Number(token) + size;
  return { [key]: all.slice(Number(token), end), ...(end < all.length ? { nextPageToken: String(end) } : {}) };
}

function described({ id, name, mimeType, created }: MediaItem): object {
  return {
    ...{ id, filename: name, mimeType, productUrl: `https://photos.google.com/lr/photo/${id}` },
    ...{ baseUrl: `https://lh3.googleusercontent.com/${id}`, mediaMetadata: { creationTime: created } },
  };
}

function albumDescribed({ id, title, items }: Album): object {
  return { id, title, isWriteable: true, mediaItemsCount: String(items.size) };
}

/** rclone knows an id in a file's name by its length of 55 or more. */
function newId(): string {
  return randomBytes(48).toString('base64url');
}

function problem(code: number, status: string): CloudResponse {
  return json({ error: { code, message: status, status } }, code);
}
