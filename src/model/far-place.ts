import type { OptionValue } from './credential.ts';

/** Where files of a remote lie, whatever key opens it and however files are written there. */
export interface FarPlace {
  readonly kind: 'far';
  /** Places of two services are apart. */
  readonly service: string;
  /** What tells accounts and servers of the service apart: equally many for all places of one service. */
  readonly marks: readonly Mark[];
  /** Bucket and folder. `/` and `~` come first where a server tells its root from the home folder of a login. */
  readonly parts: readonly string[];
  /** Whether names that differ in case are one name there. */
  readonly folds: boolean;
  /** `cloud`: it cannot serve a folder of this machine, as a server can. */
  readonly host: 'cloud' | 'server';
}

export interface Mark {
  readonly value: string;
  /** Whether another value means another place: a reference to a secret, or a token, may lead to the same account. */
  readonly known: boolean;
}

export interface FarLocation {
  readonly options: Readonly<Record<string, OptionValue>>;
  readonly bucket: string | null;
  readonly folder: string;
}

/** What of a provider's options places files. */
export type PlaceRule = (location: FarLocation) => FarPlace;

/** A directory of this machine, by its path, or a place elsewhere. */
export type NamedPlace = { readonly kind: 'path'; readonly path: string } | FarPlace;
