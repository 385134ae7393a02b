import type { Facts } from '../events/facts.ts';
import type { Scope } from '../scope.ts';
import type { LiveDocument } from './live-document.ts';

/** The viewers that one execution serves: everyone, or one viewer or service. */
export interface Audience {
  readonly key: string;
  scopeWith(facts: Facts): Scope;
}

/**
 * The audience of a subscription that is opened with this scope. The pages that events for one
 * viewer read have the turns of this viewer. Events for everyone read none: every page depends on
 * the viewer.
 */
export function audienceOf({ isViewerDependent }: LiveDocument, scope: Scope): Audience {
  return isViewerDependent
    ? {
        key: (scope.viewer ?? scope.service)?.id ?? 'anonymous',
        scopeWith: (facts) => ownScope(scope, facts),
      }
    : { key: 'everyone', scopeWith: (facts) => sharedScope(scope, facts) };
}

const ownScope = ({ node, viewer, service, readInTurn }: Scope, facts: Facts): Scope => ({
  node,
  viewer,
  ...(service && { service }),
  facts,
  readInTurn,
  requestId: 'live',
  address: '',
});

/**
 * The scope of an execution that several viewers share. It has no viewer: a field that reads the
 * viewer without the mark `viewerDependent` fails, instead of sending the answer of one viewer to
 * all.
 */
function sharedScope({ node }: Scope, facts: Facts): Scope {
  return {
    node,
    facts,
    requestId: 'live',
    address: '',
    get viewer(): never {
      throw new Error(
        'A field read the viewer in an execution that several viewers share. Mark the field with viewerDependent.',
      );
    },
  };
}
