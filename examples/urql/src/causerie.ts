import { browserSession, connect } from '@causerie/client';

export const causerie = connect({ url: '/graphql', session: browserSession() });
