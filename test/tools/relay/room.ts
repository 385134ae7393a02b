import { graphql } from 'relay-runtime';

/** What a Relay application declares to page through the messages of a room. */
export const messages = graphql`
  fragment room_messages on Room
  @refetchable(queryName: "RoomMessagesPaginationQuery")
  @argumentDefinitions(count: { type: "Int", defaultValue: 3 }, cursor: { type: "String" }) {
    name
    messages(first: $count, after: $cursor) @connection(key: "room_messages") {
      edges {
        node {
          id
          seq
          body
          author {
            username
          }
        }
      }
    }
  }
`;

export const room = graphql`
  query roomQuery($id: ID!) {
    room(id: $id) {
      id
      viewerMember {
        id
        role
      }
      ...room_messages
    }
  }
`;

export const events = graphql`
  subscription roomSubscription($id: ID!, $after: Cursor) {
    roomMessages(roomId: $id, after: $after) {
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
`;
