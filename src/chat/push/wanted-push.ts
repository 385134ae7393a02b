import { createLoader } from '../../loaders.ts';
import type { JsonObject } from '../policy/json.ts';
import { findUnread } from './push-decision.ts';
import { pushContentOf, type PushContent } from './push-content.ts';

/** A notification that the application pushes. */
export interface WantedPush extends PushContent {
  readonly id: string;
  readonly type: string;
  readonly data: JsonObject;
}

/** The notification as the application may show it, by its id. Null if it is no longer wanted. */
export const wantedPush = createLoader<string, WantedPush | null>(({ node }, ids) =>
  Promise.all(
    ids.map(async (id) => {
      const found = await findUnread(node, id);
      if (!found) return null;
      const { scope, row } = found;
      const content = await pushContentOf(scope, row, 'en');
      const { type, data } = row.content;
      return content && { id, type, data: data as JsonObject, ...content };
    }),
  ),
);
