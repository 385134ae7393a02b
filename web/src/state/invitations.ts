import { signal, type ReadonlySignal } from '@preact/signals';
import { causerie } from '../causerie.ts';

type Page = Awaited<ReturnType<typeof causerie.invitations>>;
export type Invitation = Page['edges'][number]['node'];

/** The open invitations of the viewer to rooms, on servers that ask. */
export interface Invitations {
  /** Newest first. */
  readonly list: ReadonlySignal<readonly Invitation[]>;
  load(): Promise<void>;
  /** Removes an answered invitation from the list. */
  remove(id: string): void;
}

const pageSize = 50;

export function createInvitations(ended: AbortSignal): Invitations {
  const list = signal<readonly Invitation[]>([]);
  let loads = 0;
  return {
    list,
    async load() {
      const mine = ++loads;
      const page = await causerie
        .invitations({ first: pageSize }, { signal: ended })
        .catch(() => undefined);
      if (page && mine === loads) list.value = page.edges.map(({ node }) => node);
    },
    remove(id) {
      loads++;
      list.value = list.value.filter((one) => one.id !== id);
    },
  };
}
