/** What GraphiQL shows who opens it first. One tab, since several share neither token nor room. */
export const welcomeQuery = `# 1. Choose a name and a password below, under
#    Variables. Run SignUp (later: SignIn), and copy
#    the accessToken from its answer.
# 2. Under Headers put {"authorization": "Bearer …"}
# 3. Run Rooms, copy the id of one into Variables,
#    and run Follow: it goes on until you stop it.
#    Send from a second window beside it.

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

query Rooms {
  rooms(joined: true) {
    edges { node { id name memberCount } }
  }
}

# To go on where it stopped, give \`after\` the last cursor.
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

mutation Send($roomId: ID!, $body: String!) {
  sendMessage(input: {
    conversationId: $roomId, body: $body
  }) {
    message { id seq createdAt }
  }
}
`;

/** Not in the query, which GraphiQL puts into the page's address, where a password would be logged. */
export const welcomeVariables = JSON.stringify({ username: 'ann', password: 'correct horse battery staple', roomId: '', after: null, body: 'Hello!' }, null, 2);
