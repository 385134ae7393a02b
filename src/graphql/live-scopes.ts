import type { Facts } from '../events/facts.ts';
import type { Node, Scope, Viewer } from '../scope.ts';
import type { LiveDocument } from './live-document.ts';

/** The scopes in which the events of a subscription are executed. */
export interface LiveScopes {
  /** The viewers whom one execution serves: everyone, or one viewer. */
  readonly key: string;
  /** A fresh scope for an execution with these facts. */
  scopeWith(facts: Facts): Scope;
}

/** All viewers share the executions of a document whose fields do not depend on the viewer. */
export const liveScopesOf = (
  { isViewerDependent }: LiveDocument,
  node: Node,
  viewer: Viewer | null,
): LiveScopes =>
  isViewerDependent
    ? { key: viewer?.id ?? 'anonymous', scopeWith: (facts) => ownScope(node, viewer, facts) }
    : { key: 'everyone', scopeWith: (facts) => sharedScope(node, facts) };

const ownScope = (node: Node, viewer: Viewer | null, facts: Facts): Scope => ({
  node,
  viewer,
  facts,
  requestId: 'live',
  address: '',
});

/**
 * The scope of an execution that several viewers share. It has no viewer: a field that reads the
 * viewer without the mark `viewerDependent` fails, instead of sending the answer of one viewer to
 * all.
 */
function sharedScope(node: Node, facts: Facts): Scope {
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
