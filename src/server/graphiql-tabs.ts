/** What GraphiQL shows who opens it first: sign in, follow a room, say something. What is secret stands in variables: the editor's text goes into the page's address. */
export const graphiqlTabs = [
  {
    query: `# 1. Choose a name and a password under Variables,
#    run SignUp, and copy the accessToken.
#    The next time SignIn gives you another one.

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
`,
    variables: variables({ username: 'ann', password: 'correct horse battery staple' }),
  },
  {
    query: `# 2. Put the token under Headers:
#    {"authorization": "Bearer …"}
#    Run Rooms, copy an id into Variables,
#    run Follow. It goes on until you stop it.

query Rooms {
  rooms(joined: true) {
    edges { node { id name memberCount } }
  }
}

subscription Follow($roomId: ID!, $after: Cursor) {
  roomMessages(roomId: $roomId, after: $after) {
    __typename
    cursor
    ... on MessageSent {
      message { seq author { username } body }
    }
    ... on MemberJoined { user { username } }
    ... on MemberLeft { user { username } reason }
  }
}
`,
    variables: variables({ roomId: '', after: null }),
  },
  {
    query: `# 3. In a second window, beside the first:
#    the same Headers and roomId, then run Send.

mutation Send($roomId: ID!, $body: String!) {
  sendMessage(input: {
    conversationId: $roomId, body: $body
  }) {
    message { id seq createdAt }
  }
}
`,
    variables: variables({ roomId: '', body: 'Hello!' }),
  },
];

function variables(values: Record<string, string | null>): string {
  return JSON.stringify(values, null, 2);
}
