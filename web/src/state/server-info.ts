import { signal } from '@preact/signals';
import { causerie } from '../causerie.ts';

export type ServerInfo = Awaited<ReturnType<typeof causerie.serverInfo>>;

/** The settings and limits of the server; undefined until they are loaded. */
export const serverInfo = signal<ServerInfo | undefined>(undefined);

let loading: Promise<void> | undefined;

/** Loads the settings once. A call after a failure tries again. */
export function loadServerInfo(): Promise<void> {
  loading ??= causerie.serverInfo().then(
    (info) => void (serverInfo.value = info),
    () => void (loading = undefined),
  );
  return loading;
}
