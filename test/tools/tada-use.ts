import { initGraphQLTada, type ResultOf, type VariablesOf } from 'gql.tada';
import type { introspection } from './graphql-env.d.ts';

const graphql = initGraphQLTada<{
  introspection: introspection;
  scalars: { Cursor: string; DateTime: string; JSONObject: Record<string, unknown> };
}>();

const events = graphql(`
  subscription ($roomId: ID!, $after: Cursor) {
    roomMessages(roomId: $roomId, after: $after) {
      __typename
      cursor
      ... on MemberLeft {
        leaveReason
      }
      ... on StreamReset {
        resetReason
      }
    }
  }
`);
const read = graphql(`
  mutation ($input: MarkNotificationsReadInput!) {
    markNotificationsRead(input: $input) {
      unreadNotificationCount
    }
  }
`);

type Event = ResultOf<typeof events>['roomMessages'];
export const reasonOf = (event: Event): 'LEFT' | 'KICKED' | 'BANNED' | undefined =>
  event.__typename === 'MemberLeft' ? event.leaveReason : undefined;
export const byIds: VariablesOf<typeof read> = { input: { ids: ['a'] } };
// @ts-expect-error The input is a OneOf: one field is required.
export const none: VariablesOf<typeof read> = { input: {} };
