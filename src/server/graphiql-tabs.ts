export interface Tab {
  readonly query: string;
  readonly variables: string;
}

/**
 * The tabs of a fresh GraphiQL: one example each, named after its first operation. Inputs are
 * variables, because GraphiQL puts the query into the address of the page, where a password would
 * be logged.
 */
export const tabs: readonly Tab[] = [
  {
    query: `# If you are signed in to the web client, you are
# signed in here too. Otherwise run SignUp, or SignIn
# if you have an account. You stay signed in, in all
# tabs, until you reload this page.
# With a token of another issuer, set it under Headers:
# {"authorization": "Bearer …"}

mutation SignUp(
  $username: String!, $password: String!
) {
  signUp(input: {
    username: $username, password: $password
  }) {
    session { accessToken expiresAt }
  }
}

mutation SignIn(
  $username: String!, $password: String!
) {
  signIn(input: {
    username: $username, password: $password
  }) {
    session { accessToken expiresAt }
  }
}

query Me {
  viewer { id username displayName role }
  serverInfo { version limits { messageMaxCharacters } }
}
`,
    variables: write({ username: 'ann', password: 'correct horse battery staple' }),
  },
  {
    query: `# Run Rooms, and copy the id of a room into
# Variables, here and in the next tab.

query Rooms {
  rooms {
    edges {
      node { id name memberCount unreadCount }
    }
  }
}

mutation Create($name: String!) {
  createRoom(input: {
    name: $name, visibility: PRIVATE
  }) {
    room { id name }
  }
}

# The latest messages. For the page before, set
# \`before\` to the startCursor of this page.
query History($roomId: ID!, $before: String) {
  room(id: $roomId) {
    name
    messages(last: 20, before: $before) {
      edges {
        node {
          id seq createdAt body
          author { username }
          reactions { emoji count viewerReacted }
        }
      }
      pageInfo { hasPreviousPage startCursor }
    }
  }
}

mutation Send($roomId: ID!, $body: String!) {
  sendMessage(input: {
    conversationId: $roomId, body: $body
  }) {
    message { id seq createdAt }
  }
}

query Search($words: String!) {
  searchMessages(query: $words, first: 10) {
    edges {
      node { body author { username } }
    }
  }
}
`,
    variables: write({
      roomId: '',
      body: 'Hello!',
      name: 'Our garden',
      before: null,
      words: 'hello',
    }),
  },
  {
    query: `# A subscription runs until you stop it or leave the
# tab. Run Send in a second window to see events.
# To resume, set \`after\` to the last cursor: you
# receive everything that happened since.

subscription Follow($roomId: ID!, $after: Cursor) {
  roomMessages(
    roomId: $roomId, after: $after, last: 5
  ) {
    __typename
    cursor
    ... on MessageSent {
      message { seq author { username } body }
    }
    ... on MessageEdited { message { seq body } }
    ... on MessageDeleted { message { seq } }
    ... on ReactionsChanged {
      message { seq reactions { emoji count } }
    }
    ... on MemberJoined { user { username } }
    ... on MemberLeft { user { username } leaveReason }
    ... on StreamReset { resetReason }
  }
}

subscription Typing($roomId: ID!) {
  typing(conversationId: $roomId) {
    user { username }
    isTyping
    expiresAt
  }
}

mutation Type($roomId: ID!) {
  setTyping(input: {
    conversationId: $roomId, isTyping: true
  }) {
    ok
  }
}
`,
    variables: write({ roomId: '', after: null }),
  },
  {
    query: `# Run People, and copy the id of a user into
# Variables. The user receives the message with
# Private, in a window of their own.

query People($name: String) {
  users(search: $name, first: 20) {
    edges {
      node { id username isOnline lastSeenAt }
    }
  }
}

mutation Write($userId: ID!, $body: String!) {
  sendPrivateMessage(input: {
    toUserId: $userId, body: $body
  }) {
    delivered
    message { id seq }
  }
}

subscription Private($after: Cursor) {
  privateMessages(after: $after) {
    __typename
    cursor
    ... on MessageSent {
      message { author { username } body }
    }
    ... on MessagesRead {
      user { username }
      upToSeq
    }
  }
}
`,
    variables: write({ name: null, userId: '', body: 'Between us.', after: null }),
  },
  {
    query: `# All rooms that you may see, with their online
# members.

subscription Lobby {
  lobby {
    ... on LobbySnapshot { rooms { ...OnlineRoom } }
    ... on LobbyRoomChanged { room { ...OnlineRoom } }
    ... on LobbyRoomRemoved { roomId }
  }
}

fragment OnlineRoom on LobbyRoom {
  room { id name }
  onlineCount
  usernames
}
`,
    variables: '',
  },
  {
    query: `# Notifications of mentions, private messages, support
# replies, announcements, and events of your backend.

query Notifications {
  unreadNotificationCount
  notifications(first: 20) {
    edges {
      node { id type title message data readAt }
    }
  }
}

subscription Notified($after: Cursor) {
  notifications(after: $after) {
    __typename
    cursor
    ... on NotificationReceived {
      notification { type title message data }
    }
    ... on NotificationsRead { ids }
  }
}

mutation ReadAll {
  markNotificationsRead(input: { all: true }) {
    unreadNotificationCount
  }
}
`,
    variables: write({ after: null }),
  },
];

function write(variables: object): string {
  return JSON.stringify(variables, null, 2);
}
