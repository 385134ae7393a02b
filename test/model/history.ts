import type { Field } from './documents.ts';
import type { View } from './view.ts';

/** A subscription of a device. It keeps its name when it resumes. */
export interface Follow {
  readonly name: string;
  readonly field: Field;
  /** The room, for a field that follows one. */
  readonly roomId?: string;
  /** The topic whose events it carries; undefined for signals. */
  readonly topic?: string;
}

/**
 * What happened to one device, in the order in which it happened there. Times are in ms since 1970.
 */
export type Entry =
  | { readonly type: 'began'; readonly follow: string; readonly after: string | undefined }
  | { readonly type: 'event'; readonly follow: string; readonly at: number; readonly event: any }
  | { readonly type: 'ended'; readonly follow: string; readonly code: string | undefined }
  /** A query for the state of a follow was sent, and answered. */
  | { readonly type: 'loading'; readonly follow: string }
  | { readonly type: 'loaded'; readonly follow: string; readonly state: View }
  /** Nothing happens anywhere. This is what the API answers now. */
  | { readonly type: 'quiet'; readonly state: View };

export interface History {
  readonly device: string;
  readonly userId: string;
  readonly follows: readonly Follow[];
  readonly entries: readonly Entry[];
}

/** An event as the database holds it. */
export interface LogRow {
  readonly topic: string;
  readonly seq: number;
  readonly type: string;
  readonly data: any;
  readonly occurredAt: number;
}
