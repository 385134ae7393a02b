export interface Tab {
  readonly query: string;
  readonly variables: string;
}

/**
 * What GraphiQL shows who opens it first: an example a tab, named after its first operation. The inputs are variables, since GraphiQL puts
 * the query into the page's address, where a password would be logged.
 */
export const tabs: readonly Tab[] = [
  {
    query: `# Who is signed in to the web client is signed in
# here. Else run SignUp or, later, SignIn: it holds
# for all tabs until this page is loaded again.
# Signed in nowhere, put a token under Headers:
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
    query: `# Copy the id of a room into Variables, here and
# in the next tab.

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

# What was said last. To read what was before it,
# give \`before\` the startCursor.
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
    query: `# It goes on until you stop it, or leave the tab.
# Run Send in a second window, and watch. To go on
# where it stopped, give \`after\` the last cursor:
# nothing is lost.

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
    ... on MemberLeft { user { username } }
    ... on StreamReset { reason }
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
    query: `# Copy somebody's id into Variables. They hear it
# with Private, in a window of their own.

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
    query: `# All rooms that you may see, and who is in them.

subscription Lobby {
  lobby {
    ... on LobbySnapshot { rooms { ...There } }
    ... on LobbyRoomChanged { room { ...There } }
    ... on LobbyRoomRemoved { roomId }
  }
}

fragment There on LobbyRoom {
  room { id name }
  onlineCount
  usernames
}
`,
    variables: '',
  },
  {
    query: `# Mentions, private messages, answers of the desk,
# announcements, and what your own backend says.

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
